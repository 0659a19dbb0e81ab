/*
 * An echo server as a C programmer writes it for speed: one thread, one
 * epoll, no copy that can be avoided. The lab's servers are measured against
 * it.
 *
 *     epoll_echo PORT
 *
 * The life of a message takes three system calls: epoll_wait tells who has
 * something, recv takes it, send gives it back. With many clients epoll_wait
 * tells of many at once, and it is little more than two.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, EVENTS = 256 };

/*
 * A connection owns memory for bytes only while its peer is too slow to take
 * them: rest is what a write left over, or NULL.
 */
struct conn {
	int fd;
	char *rest;
	size_t begin, end; /* of what is still to be sent, in rest */
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int epoll, int how, struct conn *c, unsigned events)
{
	struct epoll_event event = {.events = events, .data.ptr = c};

	if (epoll_ctl(epoll, how, c->fd, &event) < 0)
		die("epoll_ctl");
}

static void hang_up(struct conn *c)
{
	close(c->fd); /* epoll forgets it by itself */
	free(c->rest);
	free(c);
}

/* "Not now", as opposed to an error that ends the connection. */
static bool try_later(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/*
 * Keep what the kernel would not take, and stop reading until it does: a
 * client that sends without reading must not fill our memory.
 */
static void keep(int epoll, struct conn *c, const char *rest, size_t size)
{
	c->rest = malloc(size);
	if (!c->rest)
		die("malloc");
	memcpy(c->rest, rest, size);
	c->begin = 0;
	c->end = size;
	watch(epoll, EPOLL_CTL_MOD, c, EPOLLOUT);
}

/*
* One recv, one send. What else has come, epoll (level-triggered)
 * tells again. recv returns 0 at the client's FIN: by then all that came
 * before it has been sent, because nothing is read while a rest is kept.
 */
static void echo(int epoll, struct conn *c)
{
	static char buf[CHUNK]; /* one for all: it is empty between two calls */
	ssize_t got = recv(c->fd, buf, sizeof buf, 0);

	if (got <= 0) {
		if (got == 0 || !try_later())
			hang_up(c);
		return;
	}
	ssize_t sent = send(c->fd, buf, got, MSG_NOSIGNAL);

	if (sent < 0 && !try_later()) {
		hang_up(c);
		return;
	}
	if (sent < 0)
		sent = 0;
	if (sent < got)
		keep(epoll, c, buf + sent, got - sent);
}

/* Send more of the rest; when nothing is left of it, read again. */
static void flush(int epoll, struct conn *c)
{
	ssize_t sent = send(c->fd, c->rest + c->begin, c->end - c->begin, MSG_NOSIGNAL);

	if (sent < 0) {
		if (!try_later())
			hang_up(c);
		return;
	}
	c->begin += sent;
	if (c->begin < c->end)
		return;
	free(c->rest);
	c->rest = NULL;
	watch(epoll, EPOLL_CTL_MOD, c, EPOLLIN);
}

static void welcome(int epoll, int listener)
{
	int yes = 1;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (!try_later() && errno != ECONNABORTED)
			die("accept");
		return;
	}
	/* Do not wait for more to send (Nagle); Go's net does the same. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);

	struct conn *c = calloc(1, sizeof *c);

	if (!c)
		die("calloc");
	c->fd = fd;
	watch(epoll, EPOLL_CTL_ADD, c, EPOLLIN);
}

static int listen_on(int port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0)
		die("bind");
	if (listen(fd, SOMAXCONN) < 0)
		die("listen");
	return fd;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s PORT\n", argv[0]);
		return 2;
	}
	struct conn listener = {.fd = listen_on(atoi(argv[1]))};
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0)
		die("epoll_create1");
	watch(epoll, EPOLL_CTL_ADD, &listener, EPOLLIN);

	for (;;) {
		struct epoll_event events[EVENTS];
		int n = epoll_wait(epoll, events, EVENTS, -1);

		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;

			if (c == &listener)
				welcome(epoll, listener.fd);
			else if (c->rest)
				flush(epoll, c);
			else
				echo(epoll, c);
		}
	}
}
