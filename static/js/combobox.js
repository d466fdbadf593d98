// Text fields that offer matches (ARIA 1.2, editable combobox with a list). htmx
// fetches the options; this opens, walks and picks. Without it there is a plain
// text field, and the server asks back.
(() => {
  'use strict'

  const parts = (input) => {
    const box = input.closest('[data-combobox]')
    return {
      list: box.querySelector('[role="listbox"]'),
      picked: box.querySelector('[data-combobox-picked]'),
      status: box.querySelector('[data-combobox-status]'),
    }
  }

  const options = (list) => [...list.querySelectorAll('[data-value]')]
  const fields = '[data-combobox] input:not([type="hidden"])'

  const wire = (input) => {
    const { list } = parts(input)
    input.setAttribute('role', 'combobox')
    input.setAttribute('aria-autocomplete', 'list')
    input.setAttribute('aria-controls', list.id)
    input.setAttribute('aria-expanded', String(!list.hidden))
  }

  const open = (input) => {
    parts(input).list.hidden = false
    input.setAttribute('aria-expanded', 'true')
  }

  const close = (input) => {
    parts(input).list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  const mark = (input, option) => {
    for (const o of options(parts(input).list)) o.setAttribute('aria-selected', String(o === option))
    if (!option) return input.removeAttribute('aria-activedescendant')
    input.setAttribute('aria-activedescendant', option.id)
    option.scrollIntoView({ block: 'nearest' })
  }

  // The field that holds the choice tells of it, as one that a person changes does.
  const tell = (picked) => picked.dispatchEvent(new Event('input', { bubbles: true }))

  const pick = (input, option) => {
    const { picked, status } = parts(input)
    input.value = option.dataset.text
    picked.value = option.dataset.value
    close(input)
    status.textContent = `${option.dataset.text} is chosen`
    tell(picked)
  }

  const step = (input, by) => {
    const { list } = parts(input)
    if (list.hidden) return list.children.length ? open(input) : htmx.trigger(input, 'combobox:open')
    const all = options(list)
    if (!all.length) return
    const now = all.findIndex((o) => o.getAttribute('aria-selected') === 'true')
    const first = by > 0 ? 0 : all.length - 1
    mark(input, all[now < 0 ? first : (now + by + all.length) % all.length])
  }

  const keys = {
    ArrowDown: (input) => step(input, 1),
    ArrowUp: (input) => step(input, -1),
    Escape: (input) => {
      const { list, picked } = parts(input)
      if (!list.hidden) return close(input)
      input.value = picked.value = ''
      tell(picked)
    },
  }

  document.addEventListener('keydown', (event) => {
    const input = event.target
    if (!input.matches?.(fields)) return
    const chosen = parts(input).list.querySelector('[aria-selected="true"]')
    if (event.key === 'Enter' && chosen && !parts(input).list.hidden) {
      event.preventDefault()
      return pick(input, chosen)
    }
    if (event.key === 'Tab' && chosen && !parts(input).list.hidden) return pick(input, chosen)
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    keys[event.key](input)
  })

  // What was picked counts only as long as the text is its. It goes before anybody
  // else hears of the text.
  document.addEventListener('input', (event) => {
    if (event.target.matches?.(fields)) parts(event.target).picked.value = ''
  }, true)

  // A press would take the focus from the field before the click comes.
  document.addEventListener('mousedown', (event) => {
    if (event.target.closest?.('.combobox-list')) event.preventDefault()
  })
  document.addEventListener('click', (event) => {
    const option = event.target.closest?.('.combobox-list [data-value]')
    if (option) pick(option.closest('[data-combobox]').querySelector(fields.split(' ')[1]), option)
  })
  document.addEventListener('focusout', (event) => {
    if (event.target.matches?.(fields)) close(event.target)
  })

  document.addEventListener('htmx:afterSwap', (event) => {
    const list = event.detail.target
    document.querySelectorAll(fields).forEach(wire)
    if (!list.matches?.('.combobox-list')) return
    const input = list.closest('[data-combobox]').querySelector('input')
    if (document.activeElement !== input) return
    input.removeAttribute('aria-activedescendant')
    open(input)
    const n = options(list).length
    parts(input).status.textContent = n === 0 ? list.textContent.trim() : n === 1 ? '1 match' : `${n} matches`
  })

  document.querySelectorAll(fields).forEach(wire)
})()
