# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# scripts/lab doctor: what would keep the lab from starting, why it matters, and what mends it.

problems=0
doing=looking # or fixing: mend what can be mended without the learner
telling=full  # or brief: leave out what is well

well() { [ "$telling" = brief ] || printf '  ok       %s\n' "$1"; }
mended() { printf '  mended   %s\n' "$1"; }

# remark WHAT WHY MEND: good to know, but the lab starts all the same.
remark() { finding note "$@"; }

# problem WHAT WHY MEND
problem() {
  problems=$((problems + 1))
  finding PROBLEM "$@"
}

finding() {
  printf '  %-7s  %s\n           why it matters: %s\n           what mends it:  %s\n' "$@"
}

# examine looking|fixing full|brief: leaves the number of problems in $problems.
examine() {
  doing=$1
  telling=$2
  check_line_ends
  check_terminal
  check_disk
  check_certificates
  if check_engine; then
    check_processor
    check_compose
    check_builder
    check_ports
    check_leftovers
    check_images
  else
    note 'Without Docker, ports, leftovers and images could not be looked at.'
  fi
}

# ---- This computer -----------------------------------------------------------

check_line_ends() {
  local file found=''
  for file in .env docker-compose.yml scripts/lab.d/*.sh services/workbench/* services/my-server/*; do
    if ! [ -f "$file" ] || ! grep -q $'\r$' "$file"; then continue; fi
    if [ "$doing" = fixing ]; then
      tr -d '\r' <"$file" >"$tmp/lf" && cat "$tmp/lf" >"$file"
      mended "$file had Windows line ends"
    else
      found="$found $file"
    fi
  done
  if [ -n "$found" ]; then
    problem "Windows line ends (CR LF) in:$found" \
      'Linux programs in the containers take the CR for a part of the line' \
      'scripts/lab doctor --fix; and so that it stays so: git config core.autocrlf input'
  fi
}

check_terminal() {
  if [ -n "${MSYSTEM-}" ]; then
    remark 'This is Git Bash' \
      'docker may say "the input device is not a TTY", because this window is no terminal for Windows programs' \
      'put winpty before it (winpty docker compose exec workbench bash), or use PowerShell'
  fi
}

check_disk() {
  local where free
  where=$(limited 20 docker info --format '{{.DockerRootDir}}' 2>/dev/null) || where=''
  [ -d "$where" ] || where=$PWD # Docker Desktop keeps its images in a file of the user's
  free=$(df -Pk "$where" | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "$free" -lt 1000 ]; then
    problem "Only $free MB of disk space are free in $where" \
      'the lab needs 1000 MB while it is built' 'docker system df shows what Docker keeps; docker image prune frees some'
  else
    well "$((free / 1024)) GB of disk space are free"
  fi
}

check_certificates() {
  local file
  file=$(setting LAB_CA_FILE '')
  if [ -n "$file" ]; then
    if [ -f "$file" ]; then
      well "Certificates for downloads while building: $file"
    else
      problem "LAB_CA_FILE names a file that is not there: $file" 'Docker Compose refuses to build without it' \
        'correct or remove the line LAB_CA_FILE=… in .env'
    fi
    return
  fi
  file=$(ca_bundle)
  if [ -z "$file" ]; then
    return
  elif [ "$doing" = fixing ]; then
    keep_setting LAB_CA_FILE "$file"
  else
    remark 'LAB_CA_FILE is not set' \
      "behind a proxy that opens TLS, as schools have, downloads while building fail without this computer's certificates" \
      "scripts/lab up sets it, or by hand: echo LAB_CA_FILE=$file >>.env"
  fi
}

# ---- Docker ------------------------------------------------------------------

on_linux() { [ "$(uname -s)" = Linux ]; }

check_engine() {
  local answer version
  if ! command -v docker >/dev/null; then
    problem 'Docker is not installed' 'every part of the lab runs in a container' "$(how_to_install)"
    return 1
  fi
  if ! limited 20 docker version --format '{{.Server.Version}} {{.Server.Os}}' >"$tmp/engine" 2>"$tmp/engine.err"; then
    answer=$(cat "$tmp/engine.err")
    case $answer in
      *'permission denied'*)
        problem 'Docker runs, but you may not talk to it' 'every command of the lab does' \
          "sudo usermod -aG docker $(id -un), then log out and in again"
        ;;
      *)
        problem 'Docker is installed, but its engine does not answer' 'the engine is what runs containers' \
          "$(how_to_start)"
        note "It said: $(sed -n 1p "$tmp/engine.err")"
        ;;
    esac
    return 1
  fi
  answer=$(cat "$tmp/engine")
  version=${answer% *}
  case $answer in
    *windows)
      problem 'Docker runs Windows containers' 'those of the lab are Linux ones' \
        'a right click on the whale beside the clock: Switch to Linux containers'
      return 1
      ;;
  esac
  if ! at_least "$version" 20.10; then
    problem "Docker Engine $version is too old" 'the lab needs 20.10 or newer' "$(how_to_install)"
    return 1
  fi
  well "Docker Engine $version answers"
}

how_to_install() {
  case $(uname -s) in
    Linux) say 'Debian or Ubuntu: sudo apt-get install docker.io; others: https://docs.docker.com/engine/install/' ;;
    *) say 'install Docker Desktop: https://docs.docker.com/get-started/get-docker/' ;;
  esac
}

how_to_start() {
  if ! on_linux; then
    say 'start Docker Desktop, and wait until its whale stands still'
  elif command -v systemctl >/dev/null; then
    say 'sudo systemctl start docker'
  else
    say 'sudo service docker start'
  fi
}

check_processor() {
  local engine host
  engine=$(docker version --format '{{.Server.Arch}}')
  host=$(uname -m | sed -e 's/x86_64/amd64/' -e 's/aarch64/arm64/')
  case ${DOCKER_DEFAULT_PLATFORM:-linux/$engine} in
    "linux/$engine"*) ;;
    *)
      remark "DOCKER_DEFAULT_PLATFORM is $DOCKER_DEFAULT_PLATFORM, but the engine is $engine" \
        'everything would run emulated, several times slower' 'unset DOCKER_DEFAULT_PLATFORM'
      return
      ;;
  esac
  if [ "$engine" != "$host" ]; then
    remark "The engine is $engine, this shell is $host" 'one of them is emulated, which is slow' \
      "install Docker for your computer's own processor"
  else
    well "Processor: $engine, not emulated"
  fi
}

check_compose() {
  local version old=''
  version=$(compose_version)
  if ! at_least "$version" "$compose_wanted" && [ "$doing" = fixing ] && get_plugins; then
    version=$(compose_version)
  fi
  if at_least "$version" "$compose_wanted"; then
    well "Docker Compose $version"
    return
  fi
  if [ "$version" = 0 ]; then
    version=$(docker-compose version --short 2>/dev/null) || version=''
  fi
  [ -z "$version" ] || old="; $version, which is here, is too old"
  problem "Docker Compose $compose_wanted or newer is missing$old" 'it reads docker-compose.yml' "$(how_to_compose)"
}

how_to_compose() {
  if can_fetch_from_debian; then
    say "scripts/lab doctor --fix, which fetches it from Debian's packages for you alone, without root"
  elif on_linux; then
    say 'Ubuntu: sudo apt-get install docker-compose-v2 docker-buildx; others: https://docs.docker.com/compose/install/'
  else
    say 'update Docker Desktop, it has Compose inside'
  fi
}

check_builder() {
  case ${DOCKER_BUILDKIT-} in
    0 | false)
      problem "DOCKER_BUILDKIT is $DOCKER_BUILDKIT" "services/Dockerfile needs Docker's newer builder" \
        'unset DOCKER_BUILDKIT'
      return
      ;;
  esac
  if ! has_buildx && [ "$doing" = fixing ]; then get_plugins || true; fi
  if has_buildx; then
    well 'Docker can build (buildx is here)'
  else
    remark 'The buildx plugin is missing' 'newer versions of Docker Compose build with it' "$(how_to_compose)"
  fi
}

# ---- Ports -------------------------------------------------------------------

check_ports() {
  local name default port owner
  # The one place that lists them is docker-compose.yml: "127.0.0.1:${ECHO_PORT:-8124}:8124".
  while read -r name default; do
    port=$(setting "$name" "$default")
    [ "$port" != 0 ] || continue # Docker picks a free one
    if ! is_taken "$port"; then
      well "Port $port is free ($name)"
      continue
    fi
    if [ -n "$(ours ps --quiet --filter "publish=$port")" ]; then
      well "Port $port is this lab's own, which is running ($name)"
      continue
    fi
    owner=$(port_owner "$port")
    problem "Port $port is taken by ${owner:-a program that only root can see}" \
      'the lab wants to listen there' \
      "end that program, or take another port: echo $name=$((default + 10000)) >>.env"
    [ -n "$owner" ] || note "To see the program: sudo ss -ltnp 'sport = :$port'"
  done <<PORTS
$(sed -n 's/.*127\.0\.0\.1:\${\([A-Z]*_PORT\):-\([0-9]*\)}.*/\1 \2/p' docker-compose.yml)
PORTS
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

port_owner() {
  local owner
  owner=$(docker ps --filter "publish=$1" --format 'the container {{.Names}}' | sed -n 1p)
  if [ -z "$owner" ] && command -v ss >/dev/null; then
    owner=$(ss -Hltnp "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p' | sed -n 1p)
  fi
  if [ -z "$owner" ] && command -v lsof >/dev/null; then
    owner=$(lsof -nP -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | awk 'NR == 2 { print $1 " (process " $2 ")" }') || true
  fi
  if [ -z "$owner" ] && [ -n "${MSYSTEM-}" ]; then
    owner=$(netstat -ano | awk -v end=":$1" '$4 == "LISTENING" && $2 ~ end "$" { print "process " $5; exit }') || true
  fi
  say "$owner"
}

# ---- What an earlier lab left ------------------------------------------------

check_leftovers() {
  local services volumes name kind folder
  services=$(docker compose --profile '*' config --services 2>/dev/null) || return 0
  volumes=$(docker compose --profile '*' config --volumes 2>/dev/null) || return 0
  while read -r name kind folder; do
    [ -n "$name" ] || continue
    if ! has_line "$services" "$kind"; then
      leftover_container "$name" "$kind"
    elif ! [ "$folder" -ef . ]; then
      remark "The container $name was started from another folder: $folder" \
        'two copies of the lab under one name take over each other' \
        "docker compose -p $(project) down, or name this one: echo COMPOSE_PROJECT_NAME=my-lab >>.env"
    fi
  done <<CONTAINERS
$(ours ps --all --format '{{.Names}} {{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project.working_dir"}}')
CONTAINERS
  while read -r name kind; do
    [ -z "$name" ] || has_line "$volumes" "$kind" || remark "The volume $name belongs to no service any more" \
      'it only takes space; but somebody may have stored something in it' "docker volume rm $name"
  done <<VOLUMES
$(ours volume ls --format '{{.Name}} {{.Label "com.docker.compose.volume"}}')
VOLUMES
  while read -r name kind; do
    [ -z "$name" ] || [ "$kind" = default ] || remark "The network $name belongs to no service any more" \
      'it only takes addresses' "docker network rm $name"
  done <<NETWORKS
$(ours network ls --format '{{.Name}} {{.Label "com.docker.compose.network"}}')
NETWORKS
}

has_line() { printf '%s\n' "$1" | grep -qxF -e "$2"; }

leftover_container() {
  if [ "$doing" = fixing ]; then
    docker rm --force "$1" >/dev/null
    mended "removed the container $1: the lab has no service $2 any more"
  else
    remark "The container $1 is left of an earlier lab: there is no service $2 any more" \
      'it may hold a port and takes memory' "scripts/lab doctor --fix, or: docker rm --force $1"
  fi
}

# ---- Images ------------------------------------------------------------------

check_images() {
  local builder base
  if [ "$doing" = fixing ] && ! get_bases; then
    problem 'The images that the lab is built on are missing' 'no registry gives them to us, and we could not make them' \
      "$(how_to_images)"
    return
  fi
  builder=$(builder_image)
  base=$(workbench_base)
  if usable_builder "$builder" && usable_base "$base"; then
    well "Base images: $builder, $base"
  elif all_built; then
    well "The lab's images are built"
  else
    problem "A base image is missing: $builder or $base" 'the lab is built on them' \
      'scripts/lab up gets them; or where a registry can be reached: docker pull, for each'
  fi
}

all_built() {
  local images image
  images=$(docker compose config --images 2>/dev/null) || return 1
  [ -n "$images" ] || return 1
  for image in $images; do
    is_here "$image" || return 1
  done
}

how_to_images() {
  if ! has_go; then
    say "install Go $go_wanted or newer (https://go.dev/dl/); or on a network with a registry: scripts/lab up"
  else
    say "scripts/lab up on a network with a registry; or from a computer that has them: docker save, here docker load"
  fi
}
