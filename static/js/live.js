// Live lists: an element with data-live-list="URL" follows the stream there. Each
// part that arrives replaces the element with its id. With data-live-new, a part
// that is new takes its place by id among the others: ids sort by time, the
// newest first.
(() => {
  'use strict'

  const most = 200 // elements a list may grow to
  const patience = [1, 2, 5, 10, 30] // seconds until the next try
  const wired = new Set()

  const parse = (html, list) => {
    const mould = document.createElement('template')
    mould.innerHTML = list.tagName === 'TBODY' ? `<table><tbody>${html}</tbody></table>` : html
    return mould.content.querySelector('[id]')
  }

  // What a person has set or is at is carried over into the new element.
  const carryOver = (old, fresh) => {
    for (const input of old.querySelectorAll('input[type="radio"]:checked')) {
      const same = [...fresh.querySelectorAll('input[type="radio"]')].find((i) => i.name === input.name && i.value === input.value)
      if (same) same.checked = true
    }
    const unfolded = fresh.querySelectorAll('details')
    old.querySelectorAll('details').forEach((details, i) => {
      if (unfolded[i]) unfolded[i].open = details.open
    })
    const scrolled = [...old.querySelectorAll('pre[id], [role="region"][id]')].filter((box) => box.scrollTop > 0).map((box) => [box.id, box.scrollTop])
    const active = old.contains(document.activeElement) ? document.activeElement : null
    const all = 'a, button, input, pre, summary, [tabindex]'
    const nth = active ? [...old.querySelectorAll(all)].indexOf(active) : -1
    return () => {
      scrolled.forEach(([id, top]) => document.getElementById(id)?.scrollTo(0, top))
      if (!active) return
      // What looks the same comes before what is in its place by now: that may be
      // a button that does something else.
      const among = [...fresh.querySelectorAll(all)]
      const same = among.find((element) => element.isEqualNode(active)) ?? (among[nth]?.form?.action === active.form?.action && among[nth])
      const again = (active.id && document.getElementById(active.id)) || same || among[0]
      again?.focus({ preventScroll: true })
    }
  }

  const wire = (list) => {
    const bar = document.querySelector(`[data-live-bar="${list.id}"]`)
    const held = new Map() // parts that came while paused, by id
    let source = null
    let paused = false
    let tries = 0
    let timer = 0

    const say = (state) => {
      if (!bar) return
      bar.dataset.state = state
      const label = bar.querySelector('[data-live-label]')
      const text = { live: 'Live', paused: 'Paused', lost: 'Connecting', ended: 'No longer live' }[state]
      if (label.textContent !== text) label.textContent = text
      const button = bar.querySelector('[data-live-toggle]')
      button.hidden = state === 'ended'
      const fresh = [...held.keys()].filter((id) => !document.getElementById(id)).length
      button.textContent = paused ? (fresh ? `Resume (${fresh} new)` : 'Resume') : 'Pause'
      bar.querySelector('[data-live-again]').hidden = state !== 'ended'
    }

    const place = (fresh) => {
      const old = document.getElementById(fresh.id)
      if (old) {
        if (old.dataset.version && old.dataset.version === fresh.dataset.version) return
        // A dialog that is open, a field one types into, or what one is reading the
        // numbers of, is not taken away.
        if (old.querySelector('dialog[open], input:focus:not([type="radio"]), textarea:focus, .chart-col:hover')) return
        const settle = carryOver(old, fresh)
        old.replaceWith(fresh)
        settle()
      } else {
        if (list.dataset.liveNew === undefined) return
        const next = [...list.children].find((element) => element.id && element.id < fresh.id)
        if (!next && list.children.length >= most) return // older than what is kept
        list.insertBefore(fresh, next ?? null)
        fresh.classList.add('fresh')
        while (list.children.length > most) list.lastElementChild.remove()
      }
      window.htmx?.process(fresh)
      document.dispatchEvent(new CustomEvent('hookline:live', { detail: fresh }))
    }

    const arrived = (event) => {
      const fresh = parse(event.data, list)
      if (!fresh) return
      if (!paused) return place(fresh)
      held.set(fresh.id, fresh)
      say('paused')
    }

    // After a gap, what is not in the list any more would never be told again.
    const shown = (event) => {
      if (list.dataset.liveNew === undefined || paused) return
      const ids = new Set(event.data.split(' '))
      for (const row of [...list.children]) {
        if (!ids.has(row.id) && !row.contains(document.activeElement)) row.remove()
      }
    }

    const ended = () => {
      close()
      list.dataset.liveEnded = ''
      say('ended')
    }

    // The stream says only that it failed; a look at its address says why.
    const retry = async () => {
      close()
      if (!document.hidden) say('lost')
      let answer = null
      try {
        answer = await fetch(list.dataset.liveList, { method: 'HEAD', redirect: 'manual', headers: { 'HX-Request': 'true' } })
      } catch {
        // No connection: that passes.
      }
      const gone = answer && (answer.type === 'opaqueredirect' || (answer.status >= 400 && answer.status < 500 && answer.status !== 429) || answer.headers.has('HX-Redirect'))
      if (gone) return ended()
      clearTimeout(timer)
      timer = setTimeout(open, 1000 * patience[Math.min(tries++, patience.length - 1)])
    }

    const open = () => {
      if (source || document.hidden || !list.isConnected || 'liveEnded' in list.dataset) return
      source = new EventSource(list.dataset.liveList)
      source.addEventListener('open', () => {
        tries = 0
        say(paused ? 'paused' : 'live')
      })
      source.addEventListener('part', arrived)
      source.addEventListener('shown', shown)
      source.addEventListener('error', retry)
    }

    const close = () => {
      clearTimeout(timer)
      source?.close()
      source = null
    }

    bar?.querySelector('[data-live-toggle]').addEventListener('click', () => {
      paused = !paused
      if (!paused) {
        held.forEach(place)
        held.clear()
      }
      say(paused ? 'paused' : 'live')
    })

    say('lost')
    open()
    // Browsers keep few connections to a host, and tabs that nobody sees would
    // hold them all.
    return { list, look: () => (document.hidden ? close() : open()), close }
  }

  const wireAll = () => {
    for (const one of wired) {
      if (one.list.isConnected) continue
      one.close()
      wired.delete(one)
    }
    for (const list of document.querySelectorAll('[data-live-list]:not([data-live-wired])')) {
      list.dataset.liveWired = ''
      wired.add(wire(list))
    }
  }

  document.addEventListener('visibilitychange', () => wired.forEach((one) => one.look()))
  window.addEventListener('pagehide', () => wired.forEach((one) => one.close()))
  window.addEventListener('pageshow', () => wired.forEach((one) => one.look()))
  document.addEventListener('htmx:afterSettle', wireAll)
  document.addEventListener('hookline:changed', wireAll)
  wireAll()
})()
