// Live lists: an element with data-live-list="URL" follows the stream there. Each
// part that arrives replaces the element with its id, or takes its place by id
// among the others: ids sort by time, the newest first.
(() => {
  'use strict'

  const most = 200 // elements a list may grow to

  const wire = (list) => {
    const bar = document.querySelector(`[data-live-bar="${list.id}"]`)
    const label = bar?.querySelector('[data-live-label]')
    const button = bar?.querySelector('[data-live-toggle]')
    const held = new Map() // parts that came while paused, by id
    let source = null
    let paused = false

    const say = (state) => {
      if (!bar) return
      bar.dataset.state = state
      label.textContent = { live: 'Live', paused: 'Paused', lost: 'Connecting again', ended: 'No longer live' }[state]
      button.hidden = state === 'ended'
      const more = held.size ? ` (${held.size} new)` : ''
      button.textContent = paused ? `Go on${more}` : 'Pause'
    }

    const parse = (html) => {
      const mould = document.createElement(list.tagName === 'TBODY' ? 'table' : 'template')
      mould.innerHTML = html
      return (mould.content ?? mould).querySelector('[id]')
    }

    const place = (fresh) => {
      const old = document.getElementById(fresh.id)
      if (old) {
        // A dialog that is open, or a field one types into, is not taken away.
        if (old.querySelector('dialog[open], input:focus, textarea:focus')) return
        const focused = old.contains(document.activeElement) ? [...old.querySelectorAll('a, button')].indexOf(document.activeElement) : -1
        old.replaceWith(fresh)
        if (focused >= 0) fresh.querySelectorAll('a, button')[focused]?.focus()
      } else {
        const next = [...list.children].find((element) => element.id && element.id < fresh.id)
        if (!next && list.children.length > 0) return // older than this page
        list.insertBefore(fresh, next ?? null)
        fresh.classList.add('fresh')
        while (list.children.length > most) list.lastElementChild.remove()
      }
      window.htmx?.process(fresh)
    }

    const arrived = (event) => {
      const fresh = parse(event.data)
      if (!fresh) return
      if (paused) {
        held.set(fresh.id, fresh)
        return say('paused')
      }
      place(fresh)
      document.dispatchEvent(new CustomEvent('hookline:live', { detail: { list } }))
    }

    const open = () => {
      if (source || !list.isConnected) return
      source = new EventSource(list.dataset.liveList)
      source.addEventListener('open', () => say(paused ? 'paused' : 'live'))
      source.addEventListener('part', arrived)
      source.addEventListener('error', () => {
        if (!list.isConnected) return close()
        say(source.readyState === EventSource.CLOSED ? 'ended' : 'lost')
      })
    }
    const close = () => {
      source?.close()
      source = null
    }

    button?.addEventListener('click', () => {
      paused = !paused
      if (!paused) {
        held.forEach(place)
        held.clear()
      }
      say(paused ? 'paused' : 'live')
    })
    // Browsers keep few connections to a host, and tabs that nobody sees would
    // hold them all.
    const look = () => {
      if (!list.isConnected) {
        document.removeEventListener('visibilitychange', look)
        return close()
      }
      document.hidden ? close() : open()
    }
    document.addEventListener('visibilitychange', look)
    window.addEventListener('pagehide', close)
    say('lost')
    look()
  }

  const wireAll = () => {
    for (const list of document.querySelectorAll('[data-live-list]:not([data-live-wired])')) {
      list.dataset.liveWired = ''
      wire(list)
    }
  }

  document.addEventListener('htmx:afterSettle', wireAll)
  wireAll()
})()
