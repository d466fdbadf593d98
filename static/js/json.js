// JSON as one types it: an element with data-json holds a data-json-text area, a
// data-json-state line and a data-json-format button. The server has the last
// word and says the same.
(() => {
  'use strict'

  const place = (text, offset) => {
    const before = text.slice(0, offset)
    const line = before.split('\n').length
    return { line, column: [...before.slice(before.lastIndexOf('\n') + 1)].length + 1 }
  }

  // Browsers word the fault differently; most tell the position.
  const fault = (text, error) => {
    const at = /position (\d+)/.exec(error.message)
    const lined = /line (\d+) column (\d+)/.exec(error.message)
    const { line, column } = lined ? { line: +lined[1], column: +lined[2] } : place(text, at ? +at[1] : text.length)
    return { line, column, text: `Line ${line}, column ${column}: this is not valid JSON.` }
  }

  const check = (box) => {
    const area = box.querySelector('[data-json-text]')
    const state = box.querySelector('[data-json-state]')
    try {
      const value = JSON.parse(area.value)
      const object = value !== null && typeof value === 'object' && !Array.isArray(value)
      state.textContent = object ? 'Valid JSON' : 'This must be a JSON object: it begins with { and ends with }.'
      state.classList.toggle('tone-bad', !object)
      area.toggleAttribute('data-json-bad', !object)
      return object ? value : null
    } catch (error) {
      const { text } = fault(area.value, error)
      state.textContent = area.value.trim() ? text : 'Enter a JSON object; {} will do.'
      state.classList.add('tone-bad')
      area.setAttribute('data-json-bad', '')
      return null
    }
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
    if (event.target.matches?.('[data-json-text]')) check(boxOf(event.target))
  })
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-json-format]')
    if (!button) return
    const area = boxOf(button).querySelector('[data-json-text]')
    if (check(boxOf(button))) area.value = format(area.value)
    else area.focus()
  })

  const checkAll = () => document.querySelectorAll('[data-json]').forEach(check)
  document.addEventListener('htmx:afterSettle', checkAll)
  checkAll()
})()
