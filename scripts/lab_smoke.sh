#!/usr/bin/env bash
# The lab on real Docker, as a learner starts and uses it. scripts/test lab runs this, under a project name, image names
# and ports of its own; run by hand it would take those of the learner's lab, so it asks for a name.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."
: "${COMPOSE_PROJECT_NAME:?set it to a name of your own, or use: scripts/test lab}"
: "${LAB_IMAGES:?set it to a name of your own, or use: scripts/test lab}"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/socket-lab-smoke.XXXXXX")
second=$COMPOSE_PROJECT_NAME-second
# Image names are the second lab's too: it must not delete what the first runs on.
in_second() { COMPOSE_PROJECT_NAME=$second LAB_IMAGES=$LAB_IMAGES-second "$@"; }
own_pid=''
clean_up() {
  local code=$?
  trap - EXIT
  [ -z "$own_pid" ] || kill "$own_pid" 2>/dev/null || true
  in_second ./scripts/lab reset --yes >/dev/null 2>&1 || true
  rm -rf "$tmp"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ok() { printf 'ok    %s\n' "$1"; }
fail() {
  printf 'FAIL  %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '      %s\n' "$@" >&2
  exit 1
}

# same WHAT WANT GOT
same() {
  [ "$2" = "$3" ] || fail "$1" "want: $2" "got:  $3"
  ok "$1"
}

workbench() { docker compose exec -T workbench "$@"; }
container() { docker compose ps --all --quiet "$1"; }
inspect() { docker inspect --format "$2" "$(container "$1")"; }

./scripts/lab up >"$tmp/up" || fail 'scripts/lab up' "$(cat "$tmp/up")"
ok 'scripts/lab up'
grep -q 'docker compose exec workbench nc echo-server 8124' "$tmp/up" || fail 'up does not say what to type next'

# ---- The lab does what lesson 1 needs ----------------------------------------

same 'echo by nc, from the workbench' 'hello' "$(echo hello | workbench nc -N echo-server 8124)"
address=$(docker compose port echo-server 8124)
case $address in
  127.0.0.1:*) ok 'the port is published on 127.0.0.1 alone' ;;
  *) fail 'the port is published elsewhere' "$address" ;;
esac
exec 3<>"/dev/tcp/127.0.0.1/${address##*:}"
echo 'from outside' >&3
read -r -t 20 answer <&3
exec 3>&-
same 'echo from this machine' 'from outside' "$answer"

same 'two clients are in the log, the health checks are not' 2 \
  "$(docker compose logs --no-log-prefix echo-server | grep -c 'Client connected')"

for tool in nc ncat telnet socat tcpdump ss curl openssl jq less nano; do
  workbench sh -c "command -v $tool" >/dev/null || fail "the workbench has no $tool"
done
ok 'the workbench has its tools'
same 'the workbench is no root' 'learner' "$(workbench id -un)"
# shellcheck disable=SC2016 # the workbench's shell expands it
workbench sh -c 'tcpdump -i eth0 -c 1 -n tcp port 8124 2>"$HOME/ready" & p=$!
  until grep -q listening "$HOME/ready"; do kill -0 $p || exit 1; done
  echo x | nc -N echo-server 8124 >/dev/null; wait $p' >"$tmp/dump" || fail 'tcpdump does not work' "$(cat "$tmp/dump")"
grep -q 'Flags \[S\]' "$tmp/dump" || fail 'tcpdump shows no SYN' "$(cat "$tmp/dump")"
ok 'tcpdump shows a handshake to a plain user'

# ---- The chat remembers its accounts -------------------------------------------

# chat LINE…: says these, and shows what one hears.
chat() { printf '%s\n' "$@" | workbench nc -N chat-server 8126; }
chat '/register alice wonderland' >"$tmp/chat"
grep -qx '\* registered alice' "$tmp/chat" || fail 'no account was made' "$(cat "$tmp/chat")"
docker compose restart chat-server >/dev/null 2>&1
docker compose up --detach --wait chat-server >/dev/null 2>&1
chat '/login alice wonderland' >"$tmp/chat"
grep -qx '\* logged in as alice' "$tmp/chat" || fail 'the account is gone after a restart' "$(cat "$tmp/chat")"
docker compose up --detach --wait --force-recreate chat-server >/dev/null 2>&1
chat '/nick alice' >"$tmp/chat"
grep -q '^! registered alice' "$tmp/chat" || fail 'the account is gone with the container' "$(cat "$tmp/chat")"
ok 'an account survives its server and its container'

# ---- The checker ---------------------------------------------------------------

./scripts/lab check all >"$tmp/check" || fail 'the lab does not pass its own checks' "$(cat "$tmp/check")"
ok 'the lab passes its own checks'
./scripts/lab check crud-durable --phase write --seed 1 >"$tmp/check" || fail 'crud-durable: write' "$(cat "$tmp/check")"
grep -q 'docker compose run --rm checker crud-durable --phase verify --seed 1$' "$tmp/check" ||
  fail 'the checker does not say how to go on' "$(cat "$tmp/check")"
docker compose kill crud-server >/dev/null 2>&1
docker compose up --detach --wait crud-server >/dev/null 2>&1
./scripts/lab check crud-durable --phase verify --seed 1 >"$tmp/check" ||
  fail 'crud-server was killed, and has lost something that it had confirmed' "$(cat "$tmp/check")"
ok 'crud-server is killed, and has what it had confirmed'
code=0
./scripts/lab check echo --target upper-server:8125 >"$tmp/check" || code=$?
same 'the checker fails another kind of server' 1 "$code"
code=0
./scripts/lab check echo --wait 0s --target host.docker.internal:1 >"$tmp/check" 2>&1 || code=$?
same 'nobody there is exit code 3, and this computer has a name' "3 1" "$code $(grep -c 'nobody listens on port 1' "$tmp/check")"

# ---- A learner's own server ------------------------------------------------------

# own_server LANGUAGE: a starter is a machine of the lab, and the checker says what it does not do yet.
own_server() {
  local code=0
  (
    export COMPOSE_FILE=docker-compose.yml:services/my-server/docker-compose.override.yml
    export MY_SERVER_DIR=lab-guide/starters/echo/$1 MY_SERVER_LANGUAGE=$1
    docker compose up --detach --wait my-server >"$tmp/own" 2>&1 || fail "my-server in $1" "$(cat "$tmp/own")"
    ./scripts/lab check echo --wait 60s --target my-server:9000 >"$tmp/check" || code=$?
    docker compose rm --stop --force my-server >"$tmp/own" 2>&1
    exit "$code"
  ) || code=$?
  same "$1: my-server fails its first check" '1 1' "$code $(grep -c 'FAIL.*ECHO-1 .*the client speaks first' "$tmp/check")"
}
own_server node
own_server python
own_server go

# The same on this computer, where the checker finds it by its name.
go build -o "$tmp/own-server" lab-guide/starters/echo/go/main.go
coproc own { exec "$tmp/own-server" 0; }
# shellcheck disable=SC2154 # coproc sets it
own_pid=$own_PID
read -r -t 20 line <&"${own[0]}" || fail 'a server on this computer does not say where it listens'
code=0
./scripts/lab check echo --target "host.docker.internal:${line##* }" >"$tmp/check" || code=$?
same 'host.docker.internal: a server on this computer fails its first check' '1 1' \
  "$code $(grep -c 'FAIL.*ECHO-1 .*the client speaks first' "$tmp/check")"
kill "$own_pid"
own_pid=''

# ---- The server is shut in ---------------------------------------------------

same 'no root, read-only, no capabilities, no new privileges' '65532:65532 true [ALL] [no-new-privileges:true]' \
  "$(inspect echo-server '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}')"
size=$(docker image inspect --format '{{.Size}}' "$LAB_IMAGES/echo-server")
[ "$size" -lt 6000000 ] || fail 'the server image has 6 MB or more' "$size bytes"
ok "the server image has $size bytes"

# ---- What crud-server keeps --------------------------------------------------

same 'a record is made' 'OK created kept v1' "$(echo create kept safe | workbench nc -N crud-server 8127)"
docker compose rm --stop --force crud-server >/dev/null 2>&1
docker compose up --detach --wait >/dev/null 2>&1
same 'it is there in a new container' 'OK kept v1 safe' "$(echo read kept | workbench nc -N crud-server 8127)"

# ---- It ends well ------------------------------------------------------------

docker compose stop echo-server >/dev/null 2>&1
same 'docker compose stop is a polite end' '0' "$(inspect echo-server '{{.State.ExitCode}}')"
code=0
docker compose run --rm -T -e ECHO_MODE=loud echo-server >"$tmp/wrong" 2>&1 </dev/null || code=$?
same 'a wrong setting is exit 2' 2 "$code"
grep -q 'ECHO_MODE="loud" is not allowed: it must be manual, pipe or both' "$tmp/wrong" ||
  fail 'it does not say what is allowed' "$(cat "$tmp/wrong")"
ok 'and says what is allowed'
docker compose up --detach --wait >/dev/null 2>&1

# ---- Two labs on one machine -------------------------------------------------

before=$(container echo-server)
in_second ./scripts/lab up >"$tmp/up" || fail 'a second lab' "$(cat "$tmp/up")"
same 'a second lab answers' 'two' "$(echo two | in_second workbench nc -N echo-server 8124)"
same 'the first one still does' 'one' "$(echo one | workbench nc -N echo-server 8124)"
in_second ./scripts/lab reset --yes >/dev/null
same 'and is not touched by the end of the second' "$before true" "$(container echo-server) $(inspect echo-server '{{.State.Running}}')"

# ---- Nothing is left ---------------------------------------------------------

# left KIND…: what Docker has of this project.
left() { docker "$@" --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"; }
./scripts/lab down >/dev/null 2>&1
same 'down leaves no container and no network' '' "$(left ps --all)$(left network ls)"
./scripts/lab reset --yes >/dev/null
same 'reset leaves no volume and no image' '' "$(left volume ls)$(left image ls)"
