# shellcheck shell=bash disable=SC2154 # some variables are set in the other parts
# The settings in .env, read and written.

# setting NAME DEFAULT: its value in the environment, else in .env, else the default: as Compose reads it.
setting() {
  local value=${!1-}
  if [ -z "$value" ] && [ -f .env ]; then
    value=$(sed -n "s/^[[:space:]]*\(export[[:space:]][[:space:]]*\)\{0,1\}$1=//p" .env | tail -n 1 |
      sed -e 's/[[:space:]]#.*//' -e 's/[[:space:]]*$//' -e "s/^\([\"']\)\(.*\)\1\$/\2/")
  fi
  printf '%s\n' "${value:-$2}"
}

# keep_setting NAME VALUE: writes it to .env, where it replaces an earlier value. All other lines stay.
keep_setting() {
  [ -f .env ] || say '# The settings of this lab. .env.example lists them all.' >.env
  # A last line without its end would swallow ours.
  [ -z "$(tail -c 1 .env)" ] || say '' >>.env
  if grep -q "^$1=" .env; then
    NAME=$1 VALUE=$2 awk '{ print index($0, ENVIRON["NAME"] "=") == 1 ? ENVIRON["NAME"] "=" ENVIRON["VALUE"] : $0 }' \
      .env >"$tmp/env"
    cat "$tmp/env" >.env
  else
    say "$1=$2" >>.env
  fi
  export "$1=$2"
  note "Wrote to .env: $1=$2"
}

project() { setting COMPOSE_PROJECT_NAME socket-lab; }
