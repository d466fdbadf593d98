// Header rows of the webhook form, and their secrets. A secret that is stored is
// replaced as a whole, never edited, and each change can be taken back until the
// form is saved. The server insists on the same rules.
(() => {
  'use strict'

  const mask = '***'
  const on = (type, selector, handle) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector)
      if (element) handle(element, event)
    })

  const partsOf = (row) => ({
    value: row.querySelector('.header-value input'),
    toggle: row.querySelector('[data-secret]'),
    change: row.querySelector('[data-secret-change]'),
    hint: row.querySelector('[data-secret-hint]'),
  })

  // stored tells a row whose secret lies in the database.
  const stored = (row) => 'stored' in row.dataset

  const lock = (row) => {
    const { value, toggle, change, hint } = partsOf(row)
    value.value = mask
    value.readOnly = true
    value.placeholder = ''
    toggle.checked = true
    change.hidden = false
    change.textContent = 'Replace'
    hint.textContent = 'Stored encrypted, not shown.'
  }

  const unlock = (row, why) => {
    const { value, change, hint } = partsOf(row)
    if (value.readOnly) value.value = ''
    value.readOnly = false
    value.placeholder = 'Enter the value'
    change.hidden = false
    change.textContent = 'Cancel'
    hint.textContent = why
    value.focus()
  }

  const wire = (row) => {
    row.dataset.wired = ''
    const { value } = partsOf(row)
    if (!value || value.value !== mask) return
    row.dataset.stored = ''
    lock(row)
  }

  on('click', '[data-secret-change]', (button) => {
    const row = button.closest('.header-row')
    if (partsOf(row).value.readOnly) return unlock(row, 'The new value takes the place of the stored one when you save.')
    lock(row)
    button.focus()
  })

  on('keydown', '.header-value input', (input, event) => {
    const row = input.closest('.header-row')
    if (event.key !== 'Escape' || !stored(row) || input.readOnly) return
    lock(row)
    partsOf(row).change.focus()
  })

  // What stops being secret must be entered again: turning the switch alone would
  // reveal it.
  on('change', '[data-secret]', (toggle) => {
    const row = toggle.closest('.header-row')
    const { hint, value } = partsOf(row)
    if (stored(row) && !toggle.checked) {
      return unlock(row, 'Enter the value again: it becomes readable, and a stored secret is never revealed. Cancel keeps it secret.')
    }
    if (stored(row)) return unlock(row, 'The new value takes the place of the stored one when you save.')
    hint.textContent = toggle.checked && value.value !== '' ? 'Encrypted when you save, and never shown again.' : ''
  })

  // Rows ---------------------------------------------------------------------

  const renumber = (row, n) => {
    row.setAttribute('aria-label', `Header ${n + 1}`)
    for (const element of row.querySelectorAll('[id],[name],[for],[aria-controls]')) {
      for (const attribute of ['id', 'name', 'for', 'aria-controls']) {
        const value = element.getAttribute(attribute)
        if (value) element.setAttribute(attribute, value.replace(/headers([.-])\d+/, `headers$1${n}`))
      }
    }
  }

  on('click', '[data-add-header]', (button, event) => {
    event.preventDefault()
    const rows = button.closest('form').querySelector('[data-header-rows]')
    const spares = rows.querySelectorAll('.spare')
    const row = spares[0]
    // The last spare row is the mould for the next one.
    if (spares.length === 1) {
      const next = row.cloneNode(true)
      renumber(next, rows.children.length)
      rows.append(next)
    }
    row.classList.remove('spare')
    row.querySelector('input').focus()
  })

  const wireAll = () => document.querySelectorAll('.header-row:not([data-wired])').forEach(wire)
  document.addEventListener('htmx:afterSettle', wireAll)
  wireAll()
})()
