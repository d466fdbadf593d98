// What makes the pages quicker to use. Each works without this file; so every
// part here only adds, and finds its elements by data- attributes.
(() => {
  'use strict'

  const on = (type, selector, handle) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector)
      if (element) handle(element, event)
    })

  // Requests that htmx makes carry the token that forms carry as a field.
  document.addEventListener('htmx:configRequest', (event) => {
    event.detail.headers['X-CSRF-Token'] = document.querySelector('meta[name="csrf-token"]').content
  })

  // Messages -----------------------------------------------------------------

  const toasts = () => document.getElementById('toasts')

  const toast = (kind, text) => {
    const box = document.createElement('div')
    box.className = `toast toast-${kind}`
    box.dataset.toast = kind
    const line = document.createElement('p')
    line.textContent = text
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'btn btn-ghost btn-small'
    close.dataset.dismiss = ''
    close.textContent = 'Dismiss'
    box.append(line, close)
    // What lies outside an open dialog can be neither seen nor pressed.
    const dialog = document.querySelector('dialog[open] .dialog-body')
    if (dialog) {
      box.setAttribute('role', 'alert')
      dialog.prepend(box)
    } else toasts()?.append(box)
  }

  // What went well may leave by itself; what went wrong waits to be read.
  const retire = (box) => {
    if (box.dataset.toast === 'error' || box.dataset.retiring) return
    box.dataset.retiring = 'true'
    const leave = () => (box.matches(':hover, :focus-within') ? setTimeout(leave, 2000) : box.remove())
    setTimeout(leave, 7000)
  }

  on('click', '[data-dismiss]', (button) => button.closest('[data-toast]').remove())

  // What the server says of a refusal is one short sentence of plain text.
  const said = (xhr) => (xhr.getResponseHeader('Content-Type')?.startsWith('text/plain') ? xhr.responseText.slice(0, 300) : '')

  const failed = (xhr) => {
    const status = xhr.status
    if (status === 401) return 'You are signed out. Load the page again to sign in.'
    if (status === 403) return `Nothing was changed. ${said(xhr) || 'You may not do this. If you have been away, load the page again.'}`
    if (status === 404) return 'Nothing was changed: it is no longer there, or no longer shared with you. Load the page again.'
    if (status === 409) return 'It has changed in the meantime. Load the page again.'
    return `That did not work (status ${status}). Try again in a moment.`
  }

  document.addEventListener('htmx:responseError', (event) => toast('error', failed(event.detail.xhr)))
  document.addEventListener('htmx:sendError', () => toast('error', 'The server cannot be reached. Check your connection and try again.'))

  // What one pressed may have gone with the answer: the focus stays near.
  document.addEventListener('htmx:afterSettle', () => {
    if (document.activeElement === document.body) document.querySelector('[data-refocus]')?.focus()
  })

  // Theme --------------------------------------------------------------------

  on('submit', '[data-theme-form]', (form, event) => {
    const theme = event.submitter?.value
    if (!theme) return
    event.preventDefault()
    document.documentElement.dataset.theme = theme
    document.querySelector('meta[name="color-scheme"]').content = theme === 'system' ? 'light dark' : theme
    document.querySelectorAll('[data-theme-form] button').forEach((b) => b.setAttribute('aria-pressed', String(b.value === theme)))
    const body = new URLSearchParams(new FormData(form, event.submitter))
    fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => toast('error', 'The theme could not be saved.'))
  })

  // Dialogs, for browsers that do not know the command attribute ---------------

  if (!('commandForElement' in HTMLButtonElement.prototype)) {
    on('click', 'button[commandfor]', (button) => {
      const dialog = document.getElementById(button.getAttribute('commandfor'))
      if (button.getAttribute('command') === 'close') dialog?.close()
      else if (!dialog?.open) dialog?.showModal()
    })
  }
  if (!('closedBy' in HTMLDialogElement.prototype)) {
    document.addEventListener('click', (event) => {
      if (event.target instanceof HTMLDialogElement) event.target.close()
    })
  }

  // A link that opens a dialog, which htmx fills with what the link leads to.
  on('click', '[data-opens]', (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const dialog = document.getElementById(link.dataset.opens)
    if (dialog.open) return
    dialog.showModal()
    htmx.ajax('GET', link.href, { target: link.dataset.into, swap: 'outerHTML' })
  })

  // Copy ---------------------------------------------------------------------

  const textOf = (element) =>
    element.dataset.copyHref
      ? new URL(element.dataset.copyHref, location.href).href
      : element.tagName === 'TABLE'
      ? [...element.rows].map((row) => [...row.cells].map((cell) => cell.dataset.plain ?? cell.textContent).join(': ')).join('\n')
      : element.textContent

  // The clipboard interface exists on https and localhost only.
  const copyOldWay = (text) => {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'sr-only'
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done ? Promise.resolve() : Promise.reject(new Error('refused'))
  }

  on('click', '[data-copy]', async (button) => {
    const text = textOf(document.getElementById(button.dataset.copy))
    const label = button.querySelector('[data-copy-text]')
    label.dataset.idle ??= label.textContent
    try {
      await (navigator.clipboard ? navigator.clipboard.writeText(text) : copyOldWay(text))
      label.textContent = 'Copied'
    } catch {
      label.textContent = 'Not copied'
    }
    setTimeout(() => (label.textContent = label.dataset.idle), 1800)
  })

  // Keys ---------------------------------------------------------------------

  const typing = (element) => element.closest('input, textarea, select, [contenteditable]')
  let prefix = 0

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]:not(.drawer)')) return
    const afterG = Date.now() - prefix < 1000
    prefix = 0
    const go = (selector) => document.querySelector(selector)?.click()
    if (afterG && /^[a-z]$/.test(event.key)) return go(`.nav a[data-go="${event.key}"]`)
    if (event.key === 'g') prefix = Date.now()
    else if (event.key === 'n') go('[data-key="n"]')
    else if (event.key === '?') document.getElementById('shortcuts')?.showModal()
    else if (event.key === '/') {
      const search = document.querySelector('input[type="search"]')
      if (!search) return
      event.preventDefault()
      search.focus()
      search.select()
    }
  })

  // Times --------------------------------------------------------------------

  // The same words as views/ui/time.go.
  const ago = (then, now) => {
    const past = now >= then
    const s = Math.floor(Math.abs(now - then) / 1000)
    if (past && s < 5) return 'just now'
    let text
    if (s < 60) text = `${s} s`
    else if (s < 3600) text = `${Math.floor(s / 60)} min`
    else if (s < 48 * 3600) text = `${Math.floor(s / 3600)} h`
    else if (s < 60 * 86400) text = `${Math.floor(s / 86400)} days`
    else return null
    return past ? `${text} ago` : `in ${text}`
  }

  const tellTimes = () => {
    const now = Date.now()
    for (const element of document.querySelectorAll('time[data-relative]')) {
      const then = new Date(element.dateTime)
      const text = ago(then.getTime(), now)
      if (text && element.textContent !== text) element.textContent = text
      if (element.dataset.relative === '') {
        element.dataset.relative = 'told'
        element.title += `\n${then.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })}`
      }
    }
  }

  const refresh = () => {
    tellTimes()
    document.querySelectorAll('[data-toast]').forEach(retire)
  }

  document.addEventListener('htmx:afterSettle', refresh)
  document.addEventListener('htmx:oobAfterSwap', refresh)
  setInterval(tellTimes, 10_000)
  refresh()
  document.getElementById('error-summary')?.focus()
})()
