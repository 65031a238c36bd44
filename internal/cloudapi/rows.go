package cloudapi

import "context"

// Rows runs a cmdlet that only looks and may give any number of objects, and
// tells whether these are all: only the first page is read, of a thousand.
func (c *Cmdlets) Rows(ctx context.Context, cmdlet string, parameters map[string]any) (rows []Object, whole bool, err error) {
	got, err := c.invoke(ctx, cmdlet, parameters)
	if err != nil {
		return nil, false, err
	}
	if got.Value == nil {
		return nil, false, NoValue("a list of " + cmdlet)
	}
	return got.Value, got.Next == "", nil
}
