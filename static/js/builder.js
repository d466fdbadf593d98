// The webhook form as a builder: rows, the bar of sections, the palette that inserts {{…}}, and
// the preview's word on each field, which htmx asks for. Without it the form does the same by posts.
(() => {
  'use strict'

  const on = (type, selector, handle) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector)
      if (element) handle(element, event)
    })
  const form = document.querySelector('[data-builder]')
  if (!form) return

  // Rows ---------------------------------------------------------------------

  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

  const renumber = (row, table, n) => {
    row.setAttribute('aria-label', `${row.dataset.noun} ${n + 1}`)
    const inName = new RegExp(`^${escape(table)}\\.\\d+`)
    const inId = new RegExp(`^f-${escape(table.replace('.', '-'))}-\\d+`)
    for (const element of row.querySelectorAll('*')) {
      for (const attribute of ['id', 'name', 'for', 'aria-controls', 'data-insert']) {
        const value = element.getAttribute(attribute)
        if (value) element.setAttribute(attribute, value.replace(inName, `${table}.${n}`).replace(inId, `f-${table.replace('.', '-')}-${n}`))
      }
    }
  }

  on('click', '[data-add-pair]', (button, event) => {
    event.preventDefault()
    const table = button.dataset.addPair
    const rows = form.querySelector(`[data-pairs="${table}"]`)
    const spares = rows.querySelectorAll('.spare')
    const row = spares[0]
    // The last spare row is the mould for the next one.
    if (spares.length === 1) {
      const next = row.cloneNode(true)
      renumber(next, table, rows.children.length)
      rows.append(next)
    }
    row.classList.remove('spare')
    row.querySelector('input').focus()
  })

  // Sections -------------------------------------------------------------------

  const links = [...form.querySelectorAll('[data-section-nav] a')]
  const sections = links.map((link) => document.querySelector(link.hash)).filter((section) => section?.matches('.form-section'))

  // The one that stands under the bar, or the last when one cannot scroll further.
  const current = () => {
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2
    const above = sections.filter((section) => section.getBoundingClientRect().top < 140)
    return end && scrollY > 0 ? sections.at(-1) : above.at(-1) || sections[0]
  }
  let marking = 0
  const markSection = () => {
    marking = 0
    const here = current()
    for (const link of links) {
      const is = link.hash === `#${here.id}`
      if (is === link.hasAttribute('aria-current')) continue
      link.toggleAttribute('aria-current', is)
      if (is) link.setAttribute('aria-current', 'true')
    }
  }
  addEventListener('scroll', () => (marking ||= requestAnimationFrame(markSection)), { passive: true })
  markSection()

  // Editing ----------------------------------------------------------------------

  // insertText goes through the browser's own editing, so that it can be undone.
  const insertText = (field, text) => {
    field.focus()
    if (document.execCommand('insertText', false, text)) return
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  // A new line begins where the one before began. Tab goes on to the next control.
  on('keydown', 'textarea[data-templated="json"]', (area, event) => {
    if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const before = area.value.slice(0, area.selectionStart)
    const line = before.slice(before.lastIndexOf('\n') + 1)
    const indent = /^[ \t]*/.exec(line)[0]
    const deeper = /[{[]\s*$/.test(line) && !/\{\{\s*$/.test(line) ? '  ' : ''
    if (!indent && !deeper) return
    event.preventDefault()
    const closes = deeper && /^[ \t]*[}\]]/.test(area.value.slice(area.selectionEnd))
    insertText(area, `\n${indent}${deeper}`)
    if (!closes) return
    const at = area.selectionStart
    insertText(area, `\n${indent}`)
    area.setSelectionRange(at, at)
  })

  // The preview --------------------------------------------------------------------

  const touched = new Set()
  document.addEventListener('input', (event) => {
    if (event.target.id && form.contains(event.target)) touched.add(event.target.id)
  })
  // What is no field of the form does not ask for a preview. A text that looks for a
  // participant asks when it is done: with a pick, Enter, or on leaving it.
  const searches = '[data-combobox] input:not([type="hidden"])'
  for (const part of form.querySelectorAll('[data-palette]')) part.addEventListener('input', (event) => event.stopPropagation())
  document.getElementById('preview').addEventListener('input', (event) => event.target.matches(searches) && event.stopPropagation())
  on('change', `#preview ${searches}`, () => htmx.trigger(form, 'preview:ask'))
  on('keydown', `#preview ${searches}`, (input, event) => {
    if (event.key !== 'Enter' || event.defaultPrevented) return
    event.preventDefault()
    htmx.trigger(form, 'preview:ask')
  })

  const unsay = (field) => {
    document.getElementById(`${field.id}-error`)?.remove()
    field.removeAttribute('aria-invalid')
    const others = (field.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && id !== `${field.id}-error`)
    if (others.length) field.setAttribute('aria-describedby', others.join(' '))
    else field.removeAttribute('aria-describedby')
  }

  const say = (field, text) => {
    const box = field.closest('.field')
    if (!box) return
    const line = document.createElement('p')
    line.className = 'field-error'
    line.id = `${field.id}-error`
    line.textContent = text
    const hint = box.querySelector(':scope > .hint')
    if (hint) hint.before(line)
    else box.append(line)
    field.setAttribute('aria-invalid', 'true')
    field.setAttribute('aria-describedby', `${line.id} ${field.getAttribute('aria-describedby') || ''}`.trim())
  }

  // Beside a field stands what the preview says of it, once one has typed there.
  const tellFaults = (preview) => {
    const faults = new Map([...preview.querySelectorAll('[data-fault]')].map((item) => [item.dataset.fault, item.querySelector('[data-fault-text]').textContent]))
    for (const id of touched) {
      const field = document.getElementById(id)
      if (!field || field.hasAttribute('data-secret-value')) continue
      const text = faults.get(id)
      const told = document.getElementById(`${id}-error`)
      if (told && told.textContent === text) continue
      if (told || text) unsay(field)
      if (text && !field.hasAttribute('data-json-bad')) say(field, text)
    }
  }

  // A field that names what is not there is marked.
  const tellMissing = (preview) => {
    const names = [...preview.querySelectorAll('[data-missing] code')].map((code) => code.textContent)
    for (const field of form.querySelectorAll('[data-templated]')) {
      const inside = (field.value.match(/\{\{[^}]*\}\}/g) || []).join(' ')
      field.toggleAttribute('data-has-missing', names.some((name) => inside.includes(name)))
    }
  }

  const tell = () => {
    const preview = document.getElementById('preview-request')
    tellFaults(preview)
    tellMissing(preview)
    const said = document.getElementById('preview-said')
    if (said.textContent !== preview.dataset.summary) said.textContent = preview.dataset.summary
  }
  // Who asks too often keeps what is there; it is asked for again by itself.
  const again = {
    'preview-request': () => htmx.trigger(form, 'preview:ask'),
    'filter-result': () => htmx.trigger('#filter-asks', 'filter:ask'),
  }
  const waits = {}
  document.addEventListener('htmx:beforeSwap', (event) => {
    const id = event.detail.target.id
    if (!again[id]) return
    const held = event.detail.xhr.status === 429
    const line = form.querySelector(`[data-held="${id}"]`)
    line.textContent = held ? line.dataset.text : ''
    clearTimeout(waits[id])
    if (!held) return
    event.detail.shouldSwap = false
    waits[id] = setTimeout(again[id], 1000 * (Number(event.detail.xhr.getResponseHeader('Retry-After')) || 5))
  })
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.detail.target?.id === 'preview-request' || event.detail.elt?.id === 'preview-request') tell()
  })
  tellMissing(document.getElementById('preview-request'))

  // The palette ----------------------------------------------------------------------

  const palette = form.querySelector('[data-palette]')
  const search = palette.querySelector('[data-palette-search]')
  const said = palette.querySelector('[data-palette-said]')
  const list = () => document.getElementById('palette-list')
  const items = () => [...list().querySelectorAll('.palette-item')]
  const shown = () => items().filter((item) => !item.hidden)
  let field = null
  let opener = null
  let chosen = null

  // Roles come with the script: without it this is a list to read.
  const wire = () => {
    const box = list()
    if (box.getAttribute('role') === 'listbox') return
    box.setAttribute('role', 'listbox')
    box.removeAttribute('tabindex')
    for (const group of box.querySelectorAll('[data-palette-group]')) {
      group.setAttribute('role', 'group')
      group.setAttribute('aria-labelledby', group.querySelector('h3').id)
      group.querySelector('h3').setAttribute('role', 'presentation')
      group.querySelector('p')?.setAttribute('role', 'presentation')
      group.querySelector('ul').setAttribute('role', 'none')
      group.querySelector('ul').removeAttribute('aria-labelledby')
    }
    for (const item of items()) {
      item.setAttribute('role', 'option')
      item.setAttribute('aria-selected', 'false')
    }
  }
  palette.popover = 'auto'
  palette.setAttribute('role', 'dialog')
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'palette-list', 'aria-expanded': 'true' })) search.setAttribute(name, value)
  wire()

  const mark = (item) => {
    for (const other of items()) other.setAttribute('aria-selected', String(other === item))
    if (!item) return search.removeAttribute('aria-activedescendant')
    search.setAttribute('aria-activedescendant', item.id)
    item.scrollIntoView({ block: 'nearest' })
  }

  const filter = () => {
    const words = search.value.toLowerCase().split(/[\s.]+/).filter(Boolean)
    for (const item of items()) {
      const text = item.textContent.toLowerCase()
      item.hidden = !words.every((word) => text.includes(word))
    }
    for (const group of list().querySelectorAll('[data-palette-group]')) group.hidden = !group.querySelector('.palette-item:not([hidden])')
    const n = shown().length
    said.textContent = n === 0 ? 'Nothing of that name.' : n === 1 ? '1 value' : `${n} values`
    // Whoever writes a whole name means that one.
    const name = search.value.trim().toLowerCase()
    const named = (fits) => shown().find((item) => fits(item.querySelector('code').textContent.toLowerCase()))
    mark(named((code) => code === name) || named((code) => code.startsWith(name)) || shown()[0])
    place()
  }

  // Under the field, or over it where there is more room, and never outside.
  const place = () => {
    const at = field.getBoundingClientRect()
    const { width, height } = palette.getBoundingClientRect()
    const below = innerHeight - at.bottom - 12
    const top = field.tagName === 'TEXTAREA' || below >= height || below >= at.top ? Math.min(at.bottom + 6, innerHeight - height - 8) : at.top - height - 6
    palette.style.top = `${Math.max(8, top)}px`
    palette.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`
  }

  const open = (mark, target) => {
    field = target
    opener = mark
    search.value = ''
    palette.showPopover()
    filter()
    opener?.setAttribute('aria-expanded', 'true')
    search.focus()
  }
  palette.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return
    opener?.removeAttribute('aria-expanded')
    if (palette.contains(document.activeElement) || document.activeElement === document.body) field?.focus()
  })

  // In JSON a value stands in a string. Where the cursor is in none, the marks of
  // one come with it.
  const inString = (text) => {
    let inside = false
    for (let i = 0; i < text.length; i++) {
      if (inside && text[i] === '\\') i++
      else if (text[i] === '"') inside = !inside
    }
    return inside
  }

  const insert = (item) => {
    const code = item.dataset.code
    const target = field
    palette.hidePopover()
    const quoted = target.dataset.templated === 'json' && document.querySelector('#f-body-format-raw:checked') === null && !inString(target.value.slice(0, target.selectionStart))
    insertText(target, quoted ? `"${code.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : code)
    said.textContent = `${item.querySelector('code').textContent} inserted`
  }

  on('click', '[data-insert]', (button) => {
    if (palette.matches(':popover-open') && opener === button) return palette.hidePopover()
    open(button, document.getElementById(button.dataset.insert))
  })
  on('click', '[data-palette-close]', () => palette.hidePopover())
  on('click', '#palette-list .palette-item', (item) => field && insert(item))
  search.addEventListener('input', filter)
  search.addEventListener('keydown', (event) => {
    const all = shown()
    const now = all.findIndex((item) => item.getAttribute('aria-selected') === 'true')
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && all.length) mark(all[(now + step + all.length) % all.length])
    else if (event.key === 'Enter') chosen = all[now]
    else return
    event.preventDefault()
  })
  // When the key goes down the field must not have the focus yet: it would get the
  // line break.
  search.addEventListener('keypress', (event) => event.key === 'Enter' && event.preventDefault())
  search.addEventListener('keyup', (event) => {
    if (event.key !== 'Enter' || !chosen) return
    const item = chosen
    chosen = null
    insert(item)
  })
  // Ctrl and Space open it where one types.
  on('keydown', '[data-templated]', (target, event) => {
    if (event.key !== ' ' || !event.ctrlKey || target.readOnly) return
    event.preventDefault()
    open(form.querySelector(`[data-insert="${target.id}"]`), target)
  })
  document.addEventListener('htmx:oobAfterSwap', (event) => {
    if (event.detail.target?.id !== 'palette-list') return
    wire()
    if (palette.matches(':popover-open')) filter()
  })
})()
