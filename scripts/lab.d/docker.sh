# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# Small questions to Docker.

# ours COMMAND…: a docker command that lists, limited to what belongs to this project.
ours() {
  docker "$@" --filter "label=com.docker.compose.project=$(project)"
}

# at_least HAVE WANT: is version HAVE the version WANT (such as 2.22), or newer?
at_least() {
  local have=${1#v} lower
  lower=$(printf '%s\n%s\n' "$2" "$have" | sort -t . -k 1,1n -k 2,2n | sed -n 1p)
  [ "$lower" = "$2" ]
}

need_engine() {
  limited 20 docker version >"$log" 2>&1 ||
    fail 'Docker does not answer. To see what is wrong and what mends it: scripts/lab doctor'
}

need_compose() {
  need_engine
  at_least "$(compose_version)" "$compose_wanted" ||
    fail "Docker Compose $compose_wanted or newer is missing. To get it: scripts/lab doctor --fix"
}
