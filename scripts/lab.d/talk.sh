# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# How scripts/lab talks, and how it runs other programs: quietly, with a limit, as root.

log=$tmp/log

say() { printf '%s\n' "$1"; }
step() { printf '==> %s\n' "$1"; }
note() { printf '    %s\n' "$1"; }

# fail WHAT [LINE…]: says what went wrong and what to do, and ends.
fail() {
  printf '\n%s: %s\n' "${0##*/}" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '     %s\n' "$@" >&2
  exit 1
}

# quietly WHAT COMMAND…: says what is being done, and then how long it took. What the command says goes into $log;
# its last lines are shown only when it fails.
quietly() {
  local began=$SECONDS
  printf '==> %s … ' "$1"
  shift
  if "$@" </dev/null >"$log" 2>&1; then
    printf '%d s\n' $((SECONDS - began))
    return 0
  fi
  printf 'failed after %d s\n\n' $((SECONDS - began))
  tail -n 25 "$log"
  return 1
}

# limited SECONDS COMMAND…: runs it, but no longer than that; macOS has no `timeout`.
limited() {
  local tenths=$(($1 * 10)) pid
  shift
  "$@" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$tenths" -eq 0 ]; then
      kill "$pid" 2>/dev/null || true
      wait "$pid" 2>/dev/null || true
      return 124
    fi
    tenths=$((tenths - 1))
    sleep 0.1
  done
  wait "$pid"
}

# may_be_root asks for the password now, where one can see it, and not in the middle of something.
may_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  command -v sudo >/dev/null && note 'The next step needs root; sudo may ask for your password.' && sudo --validate
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}
