# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# A Go that is new enough: for the builder image where no registry gives us one, and for scripts/test.

go_wanted=1.26
own_go=${XDG_CACHE_HOME:-$HOME/.cache}/socket-lab/go
debian_go=go-1.24 # the one in Debian 13

# Asked in this folder, a Go from 1.21 on gets itself the version that go.work wants.
go_version() { go env GOVERSION 2>/dev/null | sed 's/^go//'; }

has_go() { command -v go >/dev/null && at_least "$(go_version)" "$go_wanted"; }

# find_go: makes `go` one that is new enough, if there is any here: this computer's, or the one that get_go left.
find_go() {
  if has_go; then return 0; fi
  [ -x "$own_go/lib/$debian_go/bin/go" ] || return 1
  export PATH=$own_go/lib/$debian_go/bin:$PATH GOTOOLCHAIN=auto
  has_go
}

# get_go: finds one or fetches Debian's, which then fetches the version that is wanted, as Go does by itself.
get_go() {
  if find_go; then return 0; fi
  can_fetch_from_debian || return 1
  quietly "Fetching a Go compiler into $own_go (100 MB)" fetch_go
}

fetch_go() {
  fetch_packages "golang-${debian_go#go-}-go" "golang-${debian_go#go-}-src" || return 1
  mkdir -p "$own_go/lib" "$own_go/share"
  rm -rf "${own_go:?}/lib/$debian_go" "$own_go/share/$debian_go"
  mv "$tmp/debian/usr/share/$debian_go" "$own_go/share/"
  mv "$tmp/debian/usr/lib/$debian_go" "$own_go/lib/"
  find_go
}
