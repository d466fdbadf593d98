package cli

import (
	"bufio"
	"fmt"
	"strings"

	"hookline/app/config"
	"hookline/app/service"
	"hookline/models"
)

type userAddCommand struct {
	config.Storage
	Email string      `required:"" help:"E-mail address to sign in with."`
	Name  string      `required:"" help:"Name as others see it."`
	Role  models.Role `required:"" enum:"owner,manager,member" help:"owner, manager or member."`
}

// Run adds the user, with the first line of standard input as the password.
func (c *userAddCommand) Run(w *world) error {
	return withService(w, c.Storage, func(s *service.Service) error {
		line, err := bufio.NewReader(w.in).ReadString('\n')
		if err != nil && line == "" {
			return fmt.Errorf("give the password on standard input, for example: printf '%%s' \"$PASSWORD\" | hookline user add …")
		}
		u, err := s.Accounts.Add(w.ctx, c.Email, c.Name, c.Role, strings.TrimRight(line, "\r\n"))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.out, "Added %s as %s.\n", u.Email, u.Role)
		return err
	})
}
