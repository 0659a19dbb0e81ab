package mutants

import (
	"net"
	"sync"
)

// All are the tables of faults, by the name of the suite that finds them.
func All() map[string][]Fault {
	return map[string][]Fault{
		"echo":      Echo(),
		"upper":     Upper(),
		"upper-raw": UpperRaw(),
		"chat":      Chat(),
		"channels":  Channels(),
		"accounts":  Accounts(),
		"crud":      Crud(),

		"crud-durable": Durable(),
	}
}

// A Fault is a row in the table of a protocol's mutants.
type Fault struct {
	Name string
	// Trips is the title of the check at which the checker must find it.
	Trips string
	// Handle serves one client. The connection is closed behind it.
	Handle func(s *Server, conn *net.TCPConn)
	// OneAtATime: the next client is accepted when the one before has left.
	OneAtATime bool
	// Restart, where there is one, is what a kill -9 and a new start leave.
	// Nobody may be connected.
	Restart func()
	// Races: who meets the fault first, and how, is a matter of luck. So the
	// golden file holds what does not depend on it.
	Races bool
}

// A Server is a mutant that runs.
type Server struct {
	fault Fault
	ln    net.Listener

	// mu guards all below; it may be held by a fault that wants to hold
	// things up.
	mu     sync.Mutex
	conns  map[*net.TCPConn]bool
	leaked int // descriptors
}

// Start serves fault on ln until Close.
func Start(fault Fault, ln net.Listener) *Server {
	s := &Server{fault: fault, ln: ln, conns: make(map[*net.TCPConn]bool)}
	go s.accept()
	return s
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.ln.Addr().String() }

// Close ends the server and all of its connections. It is what a crash looks
// like from outside as well.
func (s *Server) Close() {
	s.ln.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		conn.Close()
	}
}

func (s *Server) accept() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn.(*net.TCPConn)] = true
		s.mu.Unlock()
		if s.fault.OneAtATime {
			s.serve(conn.(*net.TCPConn))
		} else {
			go s.serve(conn.(*net.TCPConn))
		}
	}
}

func (s *Server) serve(conn *net.TCPConn) {
	s.fault.Handle(s, conn)
	conn.Close()
	s.mu.Lock()
	delete(s.conns, conn)
	s.mu.Unlock()
}
