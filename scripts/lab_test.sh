#!/usr/bin/env bash
# Tests of scripts/lab without Docker: it meets a `docker` of ours, which answers as each test wants.
# LAB_BASH names another bash to run it with, such as an old one.
set -euo pipefail

cd -P "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/lab-test.XXXXXX")
listener=''
clean_up() {
  if [ -n "$listener" ]; then
    kill "$listener"
    wait "$listener" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

passed=0
failed=0

# ---- The world that scripts/lab meets ----------------------------------------

# Only these tools, so that no real docker, apt-get or ss is found.
bin=$work/bin
mkdir "$bin"
for tool in awk bash cat cut dirname env grep head id mkdir mktemp rm sed sh sleep sort tail tr wc; do
  ln -s "$(command -v "$tool")" "$bin/$tool"
done

# fake NAME: an executable with what comes in.
fake() {
  cat >"$bin/$1"
  chmod +x "$bin/$1"
}

fake docker <<'FAKE'
#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  "version --format {{.Server.Version}} {{.Server.Os}}")
    [ -z "$ENGINE_ERROR" ] || { echo "$ENGINE_ERROR" >&2; exit 1; }
    echo "$ENGINE" ;;
  "version --format {{.Server.Arch}}") echo "$ENGINE_ARCH" ;;
  version) [ -z "$ENGINE_ERROR" ] ;;
  "info --format {{.DockerRootDir}}") echo / ;;
  "compose version --short") [ -n "$COMPOSE" ] || exit 1; echo "$COMPOSE" ;;
  "compose --profile * config --services") printf 'echo-server\nworkbench\n' ;;
  "compose --profile * config --volumes") ;;
  "compose config --images") printf 'lab/echo-server\nlab/workbench\n' ;;
  "compose --profile * --progress plain build"*) [ -z "$BUILD_ERROR" ] || { echo "$BUILD_ERROR"; exit 1; } ;;
  compose*) ;;
  "buildx version") ;;
  "image inspect "*) [ "$IMAGES" = here ] ;;
  pull*) echo "no such host" >&2; exit 1 ;;
  "ps --quiet --filter publish=$OWN_PORT --filter label="*) echo c0ffee ;;
  "ps --all --format {{.Names}} {{.Label"*) printf '%s' "$CONTAINERS" ;;
  "ps --all --format {{.Names}} --filter"*) echo "lab-echo-server-1" ;;
esac
FAKE
fake docker-compose <<'FAKE'
#!/bin/sh
echo 1.29.2
FAKE
fake uname <<'FAKE'
#!/bin/sh
case $1 in -s) echo "$HOST_OS" ;; -m) echo x86_64 ;; esac
FAKE
fake df <<'FAKE'
#!/bin/sh
printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/disk 1 1 %s 1%% /\n' "$FREE_KB"
FAKE
fake ss <<'FAKE'
#!/bin/sh
echo 'LISTEN 0 5 127.0.0.1:1 0.0.0.0:* users:(("python3",pid=42,fd=3))'
FAKE

# A port that nothing listens on, and one where something does.
perl -MIO::Socket::INET -e '
  my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:0") or die; $| = 1; print $l->sockport, "\n"; <STDIN>;
' <<<'' >"$work/free"
free=$(cat "$work/free")
mkfifo "$work/port"
perl -MIO::Socket::INET -e '
  my $l = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1:0") or die; $| = 1; print $l->sockport, "\n";
  while (my $c = $l->accept) { close $c }
' >"$work/port" &
listener=$!
read -r taken <"$work/port"

# lab ARGUMENT…: runs scripts/lab in a copy of the repository, in the world described by these variables.
lab() {
  code=0
  : >"$work/calls"
  env -i PATH="$bin" HOME="$work" TMPDIR="$work" CALLS="$work/calls" \
    ENGINE="$ENGINE" ENGINE_ERROR="$ENGINE_ERROR" ENGINE_ARCH="$ENGINE_ARCH" COMPOSE="$COMPOSE" IMAGES="$IMAGES" \
    OWN_PORT="$OWN_PORT" CONTAINERS="$CONTAINERS" BUILD_ERROR="$BUILD_ERROR" HOST_OS="$HOST_OS" FREE_KB="$FREE_KB" \
    ECHO_PORT="$PORT" MSYSTEM="$GIT_BASH" COMPOSE_PROJECT_NAME=lab \
    "${LAB_BASH:-bash}" "$work/repo/scripts/lab" "$@" </dev/null >"$work/out" 2>&1 || code=$?
}

# A world in which all is well. Each test changes one thing.
all_is_well() {
  ENGINE='20.10.24 linux' ENGINE_ERROR='' ENGINE_ARCH=amd64 COMPOSE=2.26.1-4 IMAGES=here OWN_PORT='' CONTAINERS=''
  BUILD_ERROR='' HOST_OS=Linux FREE_KB=9000000 PORT=$free GIT_BASH=''
  rm -rf "$work/repo"
  mkdir -p "$work/repo/services"
  cp -R scripts "$work/repo/"
  cp -R services/workbench "$work/repo/services/"
  cp docker-compose.yml "$work/repo/"
}

# ---- What a test says --------------------------------------------------------

# verdict NAME PROBLEM: no problem is a pass.
verdict() {
  if [ -z "$2" ]; then
    printf 'ok    %s\n' "$1"
    passed=$((passed + 1))
  else
    printf 'FAIL  %s: %s\n' "$1" "$2"
    sed 's/^/        /' "$work/out"
    failed=$((failed + 1))
  fi
}

# expect NAME CODE TEXT…: the last run ended with CODE and said every TEXT.
expect() {
  local name=$1 want=$2 wrong='' text
  shift 2
  [ "$code" -eq "$want" ] || wrong="exit code $code, not $want"
  for text in "$@"; do
    grep -qF -e "$text" "$work/out" || wrong="$wrong${wrong:+; }it did not say: $text"
  done
  verdict "$name" "$wrong"
}

# ---- The tests ---------------------------------------------------------------

all_is_well
lab doctor
expect 'doctor: all is well' 0 'Docker Engine 20.10.24' 'Docker Compose 2.26.1' "Port $free is free" 'The lab can start'

all_is_well
mv "$bin/docker" "$work/docker"
lab doctor
mv "$work/docker" "$bin/docker"
expect 'doctor: no docker' 1 'Docker is not installed' 'apt-get install docker.io'

all_is_well
ENGINE_ERROR='Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
lab doctor
expect 'doctor: engine down' 1 'its engine does not answer' 'sudo service docker start' 'Cannot connect'

all_is_well
ENGINE_ERROR='Cannot connect to the Docker daemon'
HOST_OS=Darwin
lab doctor
expect 'doctor: engine down on a Mac' 1 'start Docker Desktop'

all_is_well
ENGINE_ERROR='permission denied while trying to connect to the Docker daemon socket'
lab doctor
expect 'doctor: not in the group' 1 'you may not talk to it' 'usermod -aG docker'

all_is_well
ENGINE='19.03.1 linux'
lab doctor
expect 'doctor: engine too old' 1 'Docker Engine 19.03.1 is too old'

all_is_well
ENGINE='28.0.1 windows'
lab doctor
expect 'doctor: Windows containers' 1 'Switch to Linux containers'

all_is_well
ENGINE_ARCH=arm64
lab doctor
expect 'doctor: emulated' 0 'The engine is arm64, this shell is amd64'

all_is_well
COMPOSE=''
lab doctor
expect 'doctor: only Compose 1.29' 1 'Docker Compose 2.22 or newer is missing; 1.29.2, which is here, is too old'

all_is_well
COMPOSE=2.9.0
lab doctor
expect 'doctor: Compose 2, but an early one' 1 '2.9.0, which is here, is too old'

all_is_well
COMPOSE=v5.0.1
lab doctor
expect 'doctor: a much newer Compose' 0 'Docker Compose v5.0.1'

all_is_well
PORT=$taken
lab doctor
expect 'doctor: port taken' 1 "Port $taken is taken by python3 (process 42)" 'echo ECHO_PORT=18124 >>.env'

all_is_well
PORT=$taken OWN_PORT=$taken
lab doctor
expect "doctor: port is this lab's own" 0 "Port $taken is this lab's own"

all_is_well
FREE_KB=500000
lab doctor
expect 'doctor: disk full' 1 'Only 488 MB of disk space'

all_is_well
GIT_BASH=MINGW64
lab doctor
expect 'doctor: Git Bash' 0 'winpty'

all_is_well
IMAGES=none
lab doctor
expect 'doctor: no base images' 1 'A base image is missing: golang:1.26-bookworm or debian:trixie-slim'

all_is_well
IMAGES=none
lab doctor --fix
expect 'doctor --fix: no registry, nothing to make images with' 1 'No registry gives us debian:trixie-slim' \
  'install Go 1.26'

all_is_well
CONTAINERS="lab-old-1 old-server $work/repo
"
lab doctor
expect 'doctor: container of an earlier lesson' 0 'lab-old-1 is left of an earlier lab'
lab doctor --fix
grep -qx 'rm --force lab-old-1' "$work/calls" || code=99
expect 'doctor --fix: removes it' 0 'removed the container lab-old-1'

all_is_well
CONTAINERS="lab-echo-server-1 echo-server /somewhere/else
"
lab doctor
expect 'doctor: a lab from another folder' 0 'was started from another folder: /somewhere/else'

all_is_well
printf 'alias x=y\r\n' >>"$work/repo/services/workbench/bashrc"
lab doctor
expect 'doctor: Windows line ends' 1 'Windows line ends (CR LF) in: services/workbench/bashrc'
lab doctor --fix
if grep -q $'\r' "$work/repo/services/workbench/bashrc"; then code=99; fi
expect 'doctor --fix: mends them' 0 'had Windows line ends'

all_is_well
printf '# mine\nECHO_MODE=pipe\nLAB_CA_FILE=/not/there' >"$work/repo/.env"
lab doctor
expect 'doctor: a certificate file that is not there' 1 'LAB_CA_FILE names a file that is not there: /not/there'

# .env: what the learner wrote stays, also a last line without its end.
# shellcheck disable=SC2016 # the inner shell expands it
keep='tmp=$1; . scripts/lab.d/talk.sh; . scripts/lab.d/settings.sh; keep_setting LAB_CA_FILE "$2" >/dev/null'
keep() { (cd "$work/repo" && "${LAB_BASH:-bash}" -euc "$keep" keep "$work" "$1"); }
all_is_well
printf '# mine\nECHO_MODE=pipe' >"$work/repo/.env"
keep /a.pem
keep '/b & \1 | c.pem'
printf '# mine\nECHO_MODE=pipe\nLAB_CA_FILE=%s\n' '/b & \1 | c.pem' >"$work/want"
cp "$work/repo/.env" "$work/out"
code=0
cmp -s "$work/repo/.env" "$work/want" || code=1
expect ".env: the learner's lines stay" 0

all_is_well
printf 'export ECHO_PORT="%s" # mine\n' "$taken" >"$work/repo/.env"
PORT=''
lab doctor
expect '.env: quotes, export and comments, as Compose reads them' 1 "Port $taken is taken"

all_is_well
lab up
grep -q '^compose .*up --detach --wait' "$work/calls" || code=99
expect 'up: builds, starts, says what to type' 0 'docker compose exec workbench nc echo-server 8124'

all_is_well
BUILD_ERROR='tls: failed to verify certificate: x509: certificate signed by unknown authority'
lab up
if grep -q ' up --detach' "$work/calls"; then code=99; fi
expect 'up: a proxy with its own certificates' 1 'LAB_CA_FILE=/path/to/file.pem'

all_is_well
lab reset
if grep -qw rm "$work/calls"; then code=99; fi
expect 'reset: without an answer nothing is deleted' 1 'lab-echo-server-1' 'nothing was deleted'
lab reset --yes
grep -qx 'rm --force --volumes lab-echo-server-1' "$work/calls" || code=99
if grep -E '^(ps|volume ls|network ls|image ls) ' "$work/calls" | grep -qv 'label=com.docker.compose.project=lab$'; then
  code=98
fi
expect "reset --yes: deletes this project's, and looks at no other" 0 'Deleted.'

all_is_well
lab check echo --target host.docker.internal:9000 --all
grep -qx 'compose run --rm -T checker echo --target host.docker.internal:9000 --all' "$work/calls" || code=99
expect 'check: hands all to the checker' 0
lab check client
grep -qx 'compose run --rm -T --service-ports checker client' "$work/calls" || code=99
expect 'check client: its port is open to this computer' 0
lab check -- --help
grep -qx 'compose run --rm -T checker --help' "$work/calls" || code=99
expect 'check: the help of the checker itself' 0
lab check
expect 'check: without a suite' 2 'check takes the name of a suite'

all_is_well
lab dance
expect 'an unknown verb' 2 'there is no verb "dance"' 'doctor [--fix]'
for verb in up doctor shell check logs down reset; do
  lab "$verb" --help
  expect "$verb --help" 0 "Usage: scripts/lab $verb"
done

# Every setting of the Compose files is in .env.example, with the same default.
# shellcheck disable=SC2016 # nothing is to be expanded
wrong=$(grep -oh '\${[A-Za-z_]*:-[^}]*}' docker-compose.yml services/my-server/docker-compose.override.yml | sed 's/^..\(.*\):-\(.*\)}$/\1=\2/' | sort -u |
  while read -r line; do grep -qxF -e "$line" .env.example || printf '%s ' "$line"; done)
verdict '.env.example: all settings and defaults' "$wrong"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
