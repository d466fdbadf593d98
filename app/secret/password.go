package secret

import (
	"context"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// params are OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// turns bounds how many hashes are computed at once. It is one for the process,
// because the memory it protects is: a hundred sign-ins at the same moment wait
// for one another instead of taking 2 GB.
var turns = make(chan struct{}, 2)

// nobody is a well-formed hash that no password has: it costs what a real one
// costs, as it is made from the same parameters.
var nobody = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", params.Memory, params.Iterations, params.Parallelism,
	"AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

// HashPassword returns the argon2id hash to store. The error is ctx's when it
// ended while waiting for a turn.
func HashPassword(ctx context.Context, password string) (string, error) {
	if err := takeTurn(ctx); err != nil {
		return "", err
	}
	defer endTurn()
	return argon2id.CreateHash(password, params)
}

// CheckPassword reports whether the password has this hash. The error is ctx's
// when it ended while waiting for a turn, or says that the hash is damaged.
func CheckPassword(ctx context.Context, password, hash string) (bool, error) {
	if err := takeTurn(ctx); err != nil {
		return false, err
	}
	defer endTurn()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, errors.New("the stored password hash is damaged")
	}
	return match, nil
}

// CheckNobody does the work of CheckPassword for a user that does not exist, so
// that the time an answer takes does not tell who exists.
func CheckNobody(ctx context.Context, password string) error {
	_, err := CheckPassword(ctx, password, nobody)
	return err
}

func takeTurn(ctx context.Context) error {
	select {
	case turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func endTurn() { <-turns }
