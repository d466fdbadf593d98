package hostile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

// ca is a certificate authority that lives as long as the process.
type ca struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

var authority = sync.OnceValue(func() *ca {
	key := newKey()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "hostile test authority"},
		NotBefore:             time.Now().Add(-24 * time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	cert := sign(template, template, key, key)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &ca{cert, key, pool}
})

// leaf describes a server certificate and what is wrong with it.
type leaf struct {
	name       string
	ip         bool          // valid for 127.0.0.1
	end        time.Duration // from now; 0 means a day
	selfSigned bool
	clientOnly bool
	noSAN      bool
	algorithm  x509.SignatureAlgorithm // of the authority; 0: a good one
}

// withCert makes a server configuration with such a certificate.
func withCert(l leaf) *tls.Config {
	key := newKey()
	end := l.end
	if end == 0 {
		end = 24 * time.Hour
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "hostile receiver"},

		SignatureAlgorithm: l.algorithm,
		NotBefore:          time.Now().Add(-12 * time.Hour),
		NotAfter:           time.Now().Add(end),
		KeyUsage:           x509.KeyUsageDigitalSignature,
		ExtKeyUsage:        []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if l.clientOnly {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if l.name != "" {
		template.DNSNames = []string{l.name}
	}
	if l.noSAN {
		template.Subject.CommonName = "127.0.0.1"
	}
	if l.ip {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	issuer, signer := authority().cert, authority().key
	if l.selfSigned {
		issuer, signer = template, key
	}
	cert := sign(template, issuer, key, signer)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}}}
}

// newKey and sign panic: they fail only if the machine has no randomness.
func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

func sign(template, issuer *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, signer)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return cert
}
