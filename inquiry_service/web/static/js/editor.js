// The draft editor: a plain text area with help. The preview itself is an htmx attribute of the text area.
// Ctrl+S saves a version, leaving with unsaved text asks first, "Insert" buttons and the @ picker put a
// citation at the cursor, "Go to" links of findings select the text they speak of.
import '../vendor/markdown-toolbar-element.js'
import '../vendor/text-expander-element.js'

const source = document.querySelector('textarea[data-editor]')
const state = document.getElementById('editor-state')
const saved = source?.value
let leaving = false

const dirty = () => source !== null && source.value !== saved
const citations = () => [...document.querySelectorAll('[data-insert]')]

function show() {
  if (!state) return
  state.dataset.saved ??= state.textContent
  state.textContent = dirty() ? 'Unsaved changes' : state.dataset.saved
}

function insert(text) {
  const {selectionEnd: at, value} = source
  const gap = at > 0 && !/\s$/.test(value.slice(0, at)) ? ' ' : ''
  source.setRangeText(gap + text, at, at, 'end')
  source.focus()
  source.dispatchEvent(new Event('input', {bubbles: true}))
}

function goTo(text) {
  const at = source.value.indexOf(text)
  if (at < 0) return
  source.focus()
  source.setSelectionRange(at, at + text.length)
  const line = source.value.slice(0, at).split('\n').length
  source.scrollTop = Math.max(line - 4, 0) * parseFloat(getComputedStyle(source).lineHeight)
}

function menu(text) {
  const list = document.createElement('ul')
  list.className = 'eh-picker'
  list.setAttribute('role', 'listbox')
  const wanted = citations().filter(c => `${c.dataset.insert} ${c.dataset.label}`.toLowerCase().includes(text.toLowerCase()))
  for (const citation of wanted.slice(0, 8)) {
    const option = document.createElement('li')
    option.setAttribute('role', 'option')
    option.dataset.value = citation.dataset.insert
    option.textContent = citation.dataset.label
    list.append(option)
  }
  return {matched: wanted.length > 0, fragment: list}
}

source?.addEventListener('input', show)
source?.form?.addEventListener('submit', () => { leaving = true })
// A signature is put on the saved version, so unsaved words stop it.
document.addEventListener('submit', event => {
  if (!event.target.matches('[data-signs]') || !dirty()) return
  event.preventDefault(); event.stopPropagation()
  state.textContent = document.getElementById('announce').textContent = 'Save a version first'
}, true)
source?.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return
  event.preventDefault()
  source.form?.requestSubmit()
})
source?.closest('text-expander')?.addEventListener('text-expander-change', event => {
  const {key, text, provide} = event.detail
  if (key === '@') provide(Promise.resolve(menu(text)))
})
source?.closest('text-expander')?.addEventListener('text-expander-value', event => {
  event.detail.value = event.detail.item.dataset.value
})
document.addEventListener('click', event => {
  const spot = event.target instanceof Element && event.target.closest('[data-insert], [data-goto]')
  if (!spot || !source) return
  event.preventDefault()
  if (spot.dataset.insert) insert(spot.dataset.insert)
  else goTo(spot.dataset.goto)
})
window.addEventListener('beforeunload', event => { if (dirty() && !leaving) event.preventDefault() })
