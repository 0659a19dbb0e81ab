# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# Getting what is missing: Docker's plugins, and the images that the lab's own are built on.

compose_wanted=2.22 # the first that knows `develop.watch`
own_bases=socket-lab-base
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
registry=unknown # yes or no, once one has been asked
rootfs=''        # where a Debian is being put together

compose_version() { docker compose version --short 2>/dev/null || say 0; }
has_buildx() { docker buildx version >/dev/null 2>&1; }

# ---- Debian's packages, without a change to this system ----------------------

can_fetch_from_debian() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null && [ -f "$keyring" ]
}

# The server this computer gets its own packages from: a school may have one, and reach no other.
debian_mirror() {
  local found=''
  if grep -qx 'ID=debian' /etc/os-release; then
    found=$(apt-get update --print-uris 2>/dev/null |
      sed -n "s|^'\(https\{0,1\}://[^']*\)/dists/[a-z]*-updates/InRelease'.*|\1|p" | sed -n 1p) || true
  fi
  say "${found:-http://deb.debian.org/debian}"
}

# fetch_packages NAME…: unpacks them, out of Debian 13, into $tmp/debian. apt gets a source list, a state folder and a
# cache of its own, so neither this system's sources nor its packages change, and it needs no root. Signatures are
# checked with this system's Debian keys.
fetch_packages() {
  local apt=$tmp/apt deb
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$tmp/debs" "$tmp/debian"
  say "deb [signed-by=$keyring] $(debian_mirror) trixie main" >"$apt/sources.list"
  cat >"$apt/conf" <<CONF
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "-";
Dir::State "$apt";
Dir::State::Status "/dev/null";
Dir::Cache "$apt";
Acquire::Languages "none";
Acquire::AllowInsecureRepositories "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Get::AllowUnauthenticated "false";
APT::Sandbox::User "root";
CONF
  apt-get --config-file "$apt/conf" update || return 1
  (cd "$tmp/debs" && apt-get --config-file "$apt/conf" download "$@") || return 1
  for deb in "$tmp"/debs/*.deb; do
    dpkg-deb --extract "$deb" "$tmp/debian" || return 1
    rm "$deb"
  done
}

# ---- Docker's plugins --------------------------------------------------------

# Debian 13's builds of both need no more than Debian 12's C library.
get_plugins() {
  local to=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins from=$tmp/debian/usr/libexec/docker/cli-plugins
  can_fetch_from_debian || return 1
  quietly "Fetching Docker Compose and buildx from Debian's packages into $to (36 MB)" \
    fetch_packages docker-compose docker-buildx || return 1
  mkdir -p "$to"
  at_least "$(compose_version)" "$compose_wanted" || install -m 755 "$from/docker-compose" "$to/"
  has_buildx || install -m 755 "$from/docker-buildx" "$to/"
}

# ---- Base images -------------------------------------------------------------

builder_image() { setting BUILDER_IMAGE golang:1.26-bookworm; }
workbench_base() { setting WORKBENCH_BASE debian:trixie-slim; }

is_here() { docker image inspect "$1" >/dev/null 2>&1; }

# Those that this script made are tried out, because an interrupted run may have left half of one.
usable_builder() {
  local version
  is_here "$1" || return 1
  case $1 in "$own_bases"/*) ;; *) return 0 ;; esac
  version=$(docker run --rm --network none "$1" go env GOVERSION 2>/dev/null) && at_least "${version#go}" "$go_wanted"
}

usable_base() {
  is_here "$1" || return 1
  case $1 in "$own_bases"/*) ;; *) return 0 ;; esac
  docker run --rm --network none "$1" apt-get --version >/dev/null 2>&1
}

get_bases() {
  local name
  name=$(workbench_base)
  usable_base "$name" || pull "$name" || make_debian || return 1
  name=$(builder_image)
  usable_builder "$name" || pull "$name" || make_builder || return 1
}

# pull NAME: asks the registry. A refusal is an answer, and so is silence for 20 s; after that no other is asked for.
pull() {
  case $1 in "$own_bases"/*) return 1 ;; esac
  [ $registry != no ] || return 1
  if ! registry_has "$1"; then
    registry=no
    note "No registry gives us $1 here, so we make our own."
    return 1
  fi
  registry=yes
  step "Downloading $1 (the compiler is 300 MB, Debian 30 MB)"
  docker pull "$1"
}

# The first line of a pull comes when the registry has answered. What was begun here is taken up by the real pull.
registry_has() {
  local tenths=200 pid
  : >"$log" # there before the first look into it
  docker pull "$1" >>"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && [ $tenths -gt 0 ] && ! grep -q 'Pulling from' "$log"; do
    tenths=$((tenths - 1))
    sleep 0.1
  done
  if kill "$pid" 2>/dev/null; then
    wait "$pid" 2>/dev/null || true
    grep -q 'Pulling from' "$log"
  else
    wait "$pid"
  fi
}

# What no container needs, and half of what debootstrap brings.
leave_out=(--exclude=./dev/* --exclude=./proc/* --exclude=./sys/* --exclude=./var/cache/* --exclude=./var/log/*
  --exclude=./var/lib/apt/lists/* --exclude=./usr/share/doc/* --exclude=./usr/share/info/* --exclude=./usr/share/locale/*
  --exclude=./usr/share/man/*)

# make_debian: a small Debian 13 out of its packages; or the release of this computer, where 13 can't be had.
make_debian() {
  local suite host
  if usable_base "$own_bases/debian:trixie"; then # of another copy of the lab
    keep_setting WORKBENCH_BASE "$own_bases/debian:trixie"
    return 0
  fi
  [ "$(uname -s)" = Linux ] && can_fetch_from_debian || return 1
  if ! may_be_root; then
    note 'Making a Debian needs root, and sudo is not here. As root, once: scripts/lab doctor --fix'
    return 1
  fi
  quietly "Fetching Debian's tool for making a Debian (10 MB)" fetch_packages debootstrap || return 1
  host=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  for suite in trixie "$host"; do
    if quietly "Making a small Debian, $suite, from its packages (about half a minute)" bootstrap "$suite"; then
      keep_setting WORKBENCH_BASE "$own_bases/debian:$suite"
      return 0
    fi
  done
  return 1
}

bootstrap() {
  local failed=0
  command -v wget >/dev/null || as_root apt-get install -y wget || return 1
  # Not in /tmp, which may be mounted so that no program in it can run.
  rootfs=$(mktemp -d /var/tmp/socket-lab.XXXXXX)
  fill_rootfs "$1" || failed=1
  remove_rootfs
  return $failed
}

fill_rootfs() {
  local tool=$tmp/debian/usr
  as_root env DEBOOTSTRAP_DIR="$tool/share/debootstrap" sh "$tool/sbin/debootstrap" --variant=minbase \
    --include=ca-certificates --force-check-gpg --keyring="$keyring" "$1" "$rootfs" "$(debian_mirror)" || return 1
  as_root tar --create --numeric-owner --one-file-system --directory="$rootfs" "${leave_out[@]}" . |
    docker import --change 'CMD ["bash"]' - "$own_bases/debian:$1"
}

# --one-file-system: an interrupted debootstrap may have left /proc mounted in there.
remove_rootfs() {
  [ -n "$rootfs" ] || return 0
  as_root rm -rf --one-file-system "$rootfs"
  rootfs=''
}

# make_builder: our Debian with this computer's Go on top.
make_builder() {
  local base name=$own_bases/golang:$go_wanted
  base=$(workbench_base)
  case $base in
    "$own_bases"/*) ;;
    *)
      make_debian || return 1
      base=$(workbench_base)
      ;;
  esac
  if ! usable_builder "$name"; then
    get_go || return 1
    quietly "Making the compiler's image from this computer's Go $(go_version) (a few seconds)" \
      copy_go "$base" "$name" || return 1
    usable_builder "$name" || return 1
  fi
  keep_setting BUILDER_IMAGE "$name"
}

# copy_go BASE NAME
copy_go() {
  local container failed=0
  container=$(docker create "$1" true) || return 1
  fill_builder "$container" "$2" || failed=1
  docker rm "$container"
  return $failed
}

# No tests, and not the sources of the compiler itself: it is there as a program.
fill_builder() {
  tar --create --dereference --directory="$(go env GOROOT)" --owner=0 --group=0 --mode=u+w \
    --transform='s,^,usr/local/go/,' --exclude='*_test.go' --exclude=testdata --exclude=src/cmd \
    VERSION go.env bin/go lib pkg src | docker cp - "$1:/" || return 1
  docker commit --change 'ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV GOTOOLCHAIN=local' "$1" "$2"
}

# After `reset --all` the names in .env would point at nothing.
forget_own_bases() {
  [ -f .env ] || return 0
  grep -v "^[A-Z_]*=$own_bases/" .env >"$tmp/env" || true
  cat "$tmp/env" >.env
}

# ---- Certificates ------------------------------------------------------------

# The certificates this computer trusts, a school's proxy among them. Building an image happens in a small world of its
# own, which knows nothing of them.
ca_bundle() {
  local file
  for file in "${SSL_CERT_FILE-}" "${CURL_CA_BUNDLE-}" /etc/ssl/certs/ca-certificates.crt \
    /etc/pki/tls/certs/ca-bundle.crt; do
    # Docker takes no secret of more than 500 KB.
    if [ -f "$file" ] && [ "$(wc -c <"$file")" -lt 500000 ]; then
      say "$file"
      return
    fi
  done
}
