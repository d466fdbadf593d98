// JSON as one types it: an element with data-json holds a data-json-text area, a
// data-json-state line and a data-json-format button. The server has the last
// word and says the same. data-json="optional" may stay empty, data-json="any"
// need not be an object; data-json-when names the choice that makes the text JSON
// at all.
(() => {
  'use strict'

  const place = (text, offset) => {
    const before = text.slice(0, offset)
    const line = before.split('\n').length
    return { line, column: [...before.slice(before.lastIndexOf('\n') + 1)].length + 1 }
  }

  const early = 'the JSON ends too early. A bracket or quotation mark is not closed.'
  const deepest = 64

  // fault reads the text as a JSON object and says what is wrong with it, '' when
  // nothing is. JSON.parse would not do: browsers word a fault each in their own
  // way, and few tell where it is.
  const fault = (text, kind) => {
    text = text.trimEnd()
    if (!text) return kind === 'optional' ? '' : kind === 'any' ? 'Enter the JSON to send.' : 'Enter a JSON object; {} will do.'
    if (kind !== 'any' && !/^\s*\{/.test(text)) return 'This must be a JSON object: it begins with { and ends with }.'
    let at = 0
    const fail = (what = at < text.length ? 'this is not valid JSON.' : early) => {
      const { line, column } = place(text, at)
      throw new SyntaxError(`Line ${line}, column ${column}: ${what}`)
    }
    const take = (pattern) => {
      pattern.lastIndex = at
      const found = pattern.exec(text)
      if (found) at = pattern.lastIndex
      return found !== null
    }
    const skip = () => take(/[ \t\n\r]*/y)
    const exactly = (word) => {
      for (const letter of word) {
        if (text[at] !== letter) fail()
        at++
      }
    }
    const string = () => {
      const begin = at
      exactly('"')
      while (text[at] !== '"') {
        if (at >= text.length || text[at] < ' ') fail()
        if (take(/\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) continue
        if (text[at++] === '\\') fail()
      }
      at++
      return JSON.parse(text.slice(begin, at))
    }
    // items reads what stands between brackets, divided by commas.
    const items = (close, item, depth) => {
      if (depth > deepest) throw new SyntaxError(`This is nested more than ${deepest} levels deep. Flatten it.`)
      at++
      skip()
      if (text[at] === close) return at++
      for (;;) {
        item()
        skip()
        if (text[at] === close) return at++
        const comma = at
        exactly(',')
        skip()
        if (text[at] !== close) continue
        at = comma // which is one too many
        fail()
      }
    }
    const member = (names, depth) => {
      const begin = at
      const name = string()
      if (names.has(name)) {
        at = begin
        fail(`the name ${JSON.stringify(name)} is there twice. Keep one of them.`)
      }
      names.add(name)
      skip()
      exactly(':')
      skip()
      value(depth)
    }
    const value = (depth) => {
      const c = text[at]
      const word = { t: 'true', f: 'false', n: 'null' }[c]
      if (c === '{' && text[at + 1] !== '{') {
        const names = new Set()
        items('}', () => member(names, depth + 1), depth)
      } else if (c === '[') items(']', () => value(depth + 1), depth)
      else if (c === '"') string()
      else if (word) exactly(word)
      else if (text.startsWith('{{', at)) fail('put {{…}} between quotation marks. One that stands there alone keeps its type.')
      else if (!take(/-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y)) fail()
    }
    try {
      skip()
      value(1)
      skip()
      if (at < text.length) fail('one object is enough. Remove what follows it.')
      return ''
    } catch (error) {
      return error.message
    }
  }

  const check = (box) => {
    const area = box.querySelector('[data-json-text]')
    const state = box.querySelector('[data-json-state]')
    const kind = box.dataset.json
    const other = box.dataset.jsonWhen && !document.querySelector(box.dataset.jsonWhen).checked
    const wrong = other ? '' : fault(area.value, kind)
    state.textContent = wrong || (area.value.trim() ? 'Valid JSON' : '')
    state.toggleAttribute('data-bad', wrong !== '')
    area.toggleAttribute('data-json-bad', wrong !== '')
    return wrong === ''
  }

  // What the server said stands until one goes on typing; then it may be mended.
  const said = (area) => document.getElementById(`${area.id}-error`)
  const typed = (area) => {
    said(area)?.remove()
    area.removeAttribute('aria-invalid')
    check(boxOf(area))
  }

  // Formatting works on the text, so that numbers stay as they were typed.
  const format = (text) => {
    let out = ''
    let depth = 0
    const line = () => '\n' + '  '.repeat(depth)
    for (let i = 0; i < text.length; i++) {
      const c = text[i]
      if (c === '"') {
        const begin = i
        for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++
        out += text.slice(begin, i + 1)
      } else if (c === '{' || c === '[') {
        const rest = /^\s*[}\]]/.exec(text.slice(i + 1))
        if (rest) {
          out += c + rest[0].trim()
          i += rest[0].length
        } else {
          depth++
          out += c + line()
        }
      } else if (c === '}' || c === ']') {
        depth--
        out += line() + c
      } else if (c === ',') out += c + line()
      else if (c === ':') out += ': '
      else if (!/\s/.test(c)) out += c
    }
    return out
  }

  const boxOf = (element) => element.closest?.('[data-json]')

  document.addEventListener('input', (event) => {
    if (event.target.matches?.('[data-json-text]')) typed(event.target)
  })
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-json-format]')
    if (!button) return
    const area = boxOf(button).querySelector('[data-json-text]')
    typed(area)
    if (area.hasAttribute('data-json-bad')) area.focus()
    else area.value = format(area.value)
  })

  const checkAll = () =>
    document.querySelectorAll('[data-json]').forEach((box) => {
      const area = box.querySelector('[data-json-text]')
      if (!said(area) && (box.dataset.json === '' || area.value)) check(box)
    })
  document.addEventListener('change', (event) => {
    if (event.target.name === 'body.format') checkAll()
  })
  document.addEventListener('htmx:afterSettle', checkAll)
  checkAll()
})()
