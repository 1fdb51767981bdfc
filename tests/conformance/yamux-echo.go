// A yamux server by the protocol's authors, for yamux.test.ts: sends back what each stream brings.
package main

import (
	"io"
	"log"
	"net"
	"os"

	"github.com/hashicorp/yamux"
)

func main() {
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.WriteString("listening\n")
	connection, err := listener.Accept()
	if err != nil {
		log.Fatal(err)
	}
	config := yamux.DefaultConfig()
	config.LogOutput = io.Discard
	session, err := yamux.Server(connection, config)
	if err != nil {
		log.Fatal(err)
	}
	for {
		stream, err := session.Accept()
		if err != nil {
			return
		}
		go func() {
			io.Copy(stream, stream)
			stream.Close()
		}()
	}
}
