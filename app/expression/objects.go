package expression

// object is a JSON object, or one that an expression made (raw is nil then).
type object struct {
	raw     []byte
	made    []member
	index   []place     // of the members in raw
	opened  map[int]any // members that are lists or objects, once somebody asked for them
	escaped bool        // a name is written with a backslash
	done    bool        // the index is complete
	kept    bool        // it is seen by all expressions of the Env, and so read once
}

// member is one that an expression made.
type member struct {
	name  string
	value any
}

// place is where a member stands in its object. It has no pointers: large objects
// are indexed often.
type place struct{ name, nameEnd, value, end uint32 }

// read makes the index. An object that could not be paid for is unread.
func (o *object) read(e *Env) error {
	if o.done || o.raw == nil {
		return nil
	}
	if err := e.spendReading(1+len(o.raw)/bytesScanned, o.kept); err != nil {
		return err
	}
	var err error
	index := make([]place, 0, 8)
	eachMember(o.raw, func(p place) bool {
		index = append(index, p)
		o.escaped = o.escaped || escaped(o.raw[p.name:p.nameEnd])
		err = e.spendReading(1, o.kept)
		return err == nil
	})
	if err == nil {
		o.index, o.done = index, true
	}
	return err
}

// size is how many members it has, once it is read.
func (o *object) size() int { return len(o.made) + len(o.index) }

// place of a member by its name; -1 when there is none. It reads the object.
func (o *object) place(e *Env, name string) (int, error) {
	if err := o.read(e); err != nil {
		return -1, err
	}
	units := 1 + o.size()/8
	if o.escaped {
		units += len(o.raw) / bytesScanned
	}
	return o.placeOf(name), e.spend(units)
}

func (o *object) placeOf(name string) int {
	for i := range o.made {
		if o.made[i].name == name {
			return i
		}
	}
	for i, p := range o.index {
		written := o.raw[p.name:p.nameEnd]
		if o.escaped && sameName(written, name) || !o.escaped && string(written[1:len(written)-1]) == name {
			return i
		}
	}
	return -1
}

func (o *object) nameAt(i int) string {
	if o.raw == nil {
		return o.made[i].name
	}
	return unquote(o.raw[o.index[i].name:o.index[i].nameEnd])
}

// bytesAt are a member's as written; nil when an expression made it.
func (o *object) bytesAt(i int) []byte {
	if o.raw == nil {
		return nil
	}
	return o.raw[o.index[i].value:o.index[i].end]
}

// valueAt decodes a member. A list or an object is the same one each time, so that
// it is read once.
func (o *object) valueAt(i int) any {
	if o.raw == nil {
		return o.made[i].value
	}
	if v, there := o.opened[i]; there {
		return v
	}
	v := decodeIn(o.bytesAt(i), o.kept)
	switch v.(type) {
	case *object, *array:
		if o.opened == nil {
			o.opened = map[int]any{}
		}
		o.opened[i] = v
	}
	return v
}

// find is the member's value, or missing.
func (o *object) find(e *Env, name string) (any, error) {
	i, err := o.place(e, name)
	if err != nil || i < 0 {
		return missing{}, err
	}
	if err := e.spend(copied(o.bytesAt(i))); err != nil {
		return nil, err
	}
	return o.valueAt(i), nil
}

// copied is the work of decoding a value; lists and objects are not copied.
func copied(raw []byte) int {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return 1
	}
	if escaped(raw) {
		return 1 + 3*len(raw)/bytesMade
	}
	return 1 + len(raw)/bytesMade
}
