// Secrets of the webhook form: of headers, and of the authentication. One that is
// stored is replaced as a whole, never edited, and each change can be taken back
// until the form is saved. The server insists on the same rules. A data-secret-box
// holds a data-secret-value input, a data-secret-change button, a data-secret-hint
// line and, where one may choose, a data-secret switch.
(() => {
  'use strict'

  const mask = '***'
  const box = '[data-secret-box]'
  const on = (type, selector, handle) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector)
      if (element) handle(element, event)
    })

  const partsOf = (row) => ({
    value: row.querySelector('[data-secret-value]'),
    toggle: row.querySelector('[data-secret]'),
    change: row.querySelector('[data-secret-change]'),
    hint: row.querySelector('[data-secret-hint]'),
  })

  // stored tells a row whose secret lies in the database.
  const stored = (row) => 'stored' in row.dataset

  // What follows the form, such as its preview, is told.
  const changed = (row) => partsOf(row).value.dispatchEvent(new Event('input', { bubbles: true }))

  const lock = (row) => {
    const { value, toggle, change, hint } = partsOf(row)
    value.value = mask
    value.readOnly = true
    value.placeholder = ''
    if (toggle) toggle.checked = true
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
    changed(row)
    value.focus()
  }

  const wire = (row) => {
    row.dataset.wired = ''
    const { value } = partsOf(row)
    if (value?.value === mask) {
      row.dataset.stored = ''
      lock(row)
    } else if ('kept' in row.dataset) {
      row.dataset.stored = ''
      offerBack(row)
    }
  }

  // A form that came back with faults may have lost the mask on the way; what is
  // stored can be kept all the same, where it is of the kind that is chosen.
  const offerBack = (row) => {
    const { change, hint } = partsOf(row)
    const kind = document.querySelector('[name="auth.kind"]:checked')?.value
    if ('secretOf' in row.dataset && kind !== row.dataset.secretOf) return
    change.hidden = false
    change.textContent = 'Cancel'
    hint.textContent = 'Cancel keeps the stored secret.'
  }

  on('click', '[data-secret-change]', (button) => {
    const row = button.closest(box)
    if (partsOf(row).value.readOnly) return unlock(row, 'The new value takes the place of the stored one when you save.')
    lock(row)
    changed(row)
    button.focus()
  })

  on('keydown', '[data-secret-value]', (input, event) => {
    const row = input.closest(box)
    if (event.key !== 'Escape' || !row || !stored(row) || input.readOnly) return
    lock(row)
    changed(row)
    partsOf(row).change.focus()
  })

  // What stops being secret must be entered again: turning the switch alone would
  // reveal it.
  on('change', '[data-secret]', (toggle) => {
    const row = toggle.closest(box)
    const { hint, value } = partsOf(row)
    if (stored(row) && !toggle.checked) {
      return unlock(row, 'Enter the value again: it becomes readable, and a stored secret is never revealed. Cancel keeps it secret.')
    }
    if (stored(row)) return unlock(row, 'The new value takes the place of the stored one when you save.')
    hint.textContent = toggle.checked && value.value !== '' ? 'Encrypted when you save, and never shown again.' : ''
  })

  // A secret belongs to the kind of authentication that it was entered for.
  on('change', '[name="auth.kind"]', (choice) => {
    const row = document.querySelector('[data-secret-of]')
    const { value, change, hint } = partsOf(row)
    if (!stored(row)) return
    if (choice.value === row.dataset.secretOf) return lock(row)
    value.readOnly = false
    if (value.value === mask) value.value = ''
    change.hidden = true
    hint.textContent = choice.value === 'none' ? '' : 'The stored secret belongs to the other kind. Enter the one for this kind.'
  })

  const wireAll = () => document.querySelectorAll(`${box}:not([data-wired])`).forEach(wire)
  document.addEventListener('htmx:afterSettle', wireAll)
  wireAll()
})()
