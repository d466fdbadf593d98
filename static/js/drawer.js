// The drawer: a delivery opens beside its log, under its own address. Back, Esc
// and the cross close it; j and k step along the log. Without this file the same
// links lead to the same page.
(() => {
  'use strict'

  const drawer = document.getElementById('drawer') ?? document.createElement('dialog')
  const body = () => document.getElementById('drawer-body')
  const narrow = window.matchMedia('(max-width: 63.99rem)')
  const drawn = location.pathname // of the page, whatever the address says later
  let title = ''
  let current = '' // path of the delivery shown
  let asked = 0

  const home = document.querySelector('#drawer')
  if (home) document.body.append(home) // so that the page behind it can be inert

  const rows = () => [...document.querySelectorAll('tr[data-href]')]
  const rowOf = (path) => rows().find((row) => row.dataset.href === path)
  const linkOf = (row) => row?.querySelector('[data-row-link]')
  const interactive = 'a, button, input, select, textarea, label, summary, form, pre, [contenteditable]'

  const mark = () => {
    for (const row of rows()) row.toggleAttribute('data-open', drawer.open && row.dataset.href === current)
    const at = rows().findIndex((row) => row.dataset.href === current)
    for (const button of drawer.querySelectorAll('[data-drawer-step]')) {
      const to = at + Number(button.dataset.drawerStep)
      button.setAttribute('aria-disabled', String(at < 0 || to < 0 || to >= rows().length))
    }
    const shell = document.querySelector('.shell')
    if (shell) shell.inert = drawer.open && narrow.matches
  }

  const fill = (html) => {
    body().innerHTML = html
    body().scrollTop = 0
    const part = body().firstElementChild
    window.htmx?.process(body())
    document.dispatchEvent(new CustomEvent('hookline:changed'))
    if (part?.dataset.title) document.title = `${part.dataset.title} · Hookline`
    drawer.setAttribute('aria-label', `Delivery ${part?.dataset.title ?? ''}`)
  }

  // load shows the delivery at a URL; it returns false when the page itself must.
  const load = async (url) => {
    const mine = ++asked
    drawer.setAttribute('aria-busy', 'true')
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href } })
      if (mine !== asked) return true
      if (!answer.ok || answer.redirected || answer.headers.has('HX-Redirect')) return false
      const html = await answer.text()
      if (mine !== asked) return true
      current = new URL(url, location.href).pathname
      fill(html)
      return true
    } catch {
      return false
    } finally {
      drawer.removeAttribute('aria-busy')
    }
  }

  // how: push makes an entry that Back leaves, replace changes the one there is.
  const open = async (url, how) => {
    if (!(await load(url))) return location.assign(url)
    if (how === 'push') history.pushState({ drawer: true }, '', url)
    else if (how === 'replace') history.replaceState({ drawer: true }, '', url)
    if (!drawer.open) {
      drawer.show()
      drawer.focus({ preventScroll: true })
    }
    drawer.querySelector('[data-drawer-page]').href = url
    mark()
  }

  const shut = () => {
    if (!drawer.open) return
    const link = linkOf(rowOf(current))
    const held = drawer.contains(document.activeElement) || document.activeElement === document.body
    drawer.close()
    asked++
    current = ''
    body().replaceChildren()
    document.title = title
    document.dispatchEvent(new CustomEvent('hookline:changed'))
    mark()
    if (held) link?.focus()
  }

  const leave = () => (history.state?.drawer ? history.back() : shut())

  const step = (by) => {
    const at = rows().findIndex((row) => row.dataset.href === current)
    const to = at < 0 ? undefined : rows()[at + by]
    if (!to) return
    to.scrollIntoView({ block: 'nearest' })
    open(to.dataset.href, 'replace')
  }

  const follow = (url) => {
    if (!drawer.open) title = document.title
    open(url, drawer.open ? 'replace' : 'push')
  }

  if (home) {
    document.addEventListener('click', (event) => {
      if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      const link = event.target.closest('a[data-drawer]')
      if (link) {
        event.preventDefault()
        return follow(link.getAttribute('href'))
      }
      if (event.target.closest('[data-drawer-close]')) return leave()
      const stepper = event.target.closest('[data-drawer-step]')
      if (stepper) return step(Number(stepper.dataset.drawerStep))
      const row = event.target.closest('tr[data-href]')
      if (row && !event.target.closest(interactive) && !String(getSelection())) follow(row.dataset.href)
    })
  }

  // The entries of history that are ours. htmx would fetch the whole page for
  // its own, so it is not asked; on a page that was loaded anew at one of our
  // addresses, another address means another page.
  window.addEventListener('popstate', (event) => {
    if (event.state?.drawer && home && drawn !== location.pathname) {
      event.stopImmediatePropagation()
      if (!drawer.open) title = document.title
      return open(location.pathname + location.search, 'keep')
    }
    if (drawer.open) {
      event.stopImmediatePropagation()
      return shut()
    }
    if (location.pathname !== drawn) {
      event.stopImmediatePropagation()
      location.reload()
    }
  })

  // Keys -----------------------------------------------------------------------

  const press = (button) => button && button.getAttribute('aria-disabled') !== 'true' && button.click()
  const scrolls = (element) => element.closest('pre, input, textarea, select, [role="radiogroup"], dialog[open]:not(.drawer)')

  const walk = (by) => {
    const all = rows()
    const at = all.findIndex((row) => row.contains(document.activeElement))
    const to = all[at < 0 ? 0 : at + by]
    linkOf(to)?.focus()
    to?.scrollIntoView({ block: 'nearest' })
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type="radio"]), textarea, select, [contenteditable]')) return
    if (document.querySelector('dialog[open]:not(.drawer)')) return
    if (event.key === 'Escape' && drawer.open) {
      event.preventDefault()
      return leave()
    }
    if (event.key === 'r') {
      const row = document.activeElement?.closest('tr[data-href]')
      const open = drawer.open ? body() : document.querySelector('#delivery')
      return press(open?.querySelector('#retrigger') ?? row?.querySelector('[id^="retrigger-"]'))
    }
    const by = { j: 1, k: -1 }[event.key] ?? (scrolls(event.target) ? undefined : drawer.open || event.target.closest('tr[data-href]') ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined)
    if (!by || !home) return
    event.preventDefault()
    drawer.open ? step(by) : walk(by)
  })

  document.addEventListener('hookline:live', mark)
  document.addEventListener('htmx:afterSettle', mark)
  narrow.addEventListener('change', mark)
})()
