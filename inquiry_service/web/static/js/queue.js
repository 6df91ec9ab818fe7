// The cursor of a queue: J and K or the arrow keys move between rows, Enter opens (the row's own link),
// Space shows the preview, X ticks the row. A row is [data-row] with a main link a[data-peek]; data-peek is
// the address of its preview, data-state the address to show for it, so that reload and back keep the row.

const queue = document.querySelector('[data-queue]')
const peek = document.getElementById('peek')
const letters = document.documentElement.dataset.keys !== 'off'
let timer = 0

const rows = () => [...queue.querySelectorAll('[data-row]')]
const link = row => row.querySelector('a[data-peek]') ?? row.querySelector('a[href]')

function mark(row) {
  for (const other of rows()) other.classList.toggle('eh-on', other === row)
}

function show(row) {
  const {peek: address, state} = link(row)?.dataset ?? {}
  if (!address || !peek) return
  window.htmx.ajax('GET', address, {target: peek, swap: 'innerHTML', source: row})
  if (state) history.replaceState(null, '', state)
}

function move(step) {
  const all = rows()
  const now = all.findIndex(row => row.contains(document.activeElement))
  const from = now >= 0 ? now : all.findIndex(row => row.classList.contains('eh-on'))
  const row = all[Math.min(Math.max(from + step, 0), all.length - 1)]
  if (!row) return
  mark(row)
  link(row)?.focus()
  row.scrollIntoView({block: 'nearest'})
  clearTimeout(timer)
  timer = setTimeout(show, 200, row)
}

function act(event, row) {
  const key = event.key.toLowerCase()
  if (event.key === 'ArrowDown' || (letters && key === 'j')) return move(1)
  if (event.key === 'ArrowUp' || (letters && key === 'k')) return move(-1)
  if (!row || !letters) return false
  if (event.key === ' ') return show(row)
  if (key === 'x') return row.querySelector('input[type="checkbox"]')?.click()
  return false
}

document.addEventListener('keydown', event => {
  const spot = event.target
  if (!(spot instanceof HTMLElement) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (spot.matches('textarea, select, button, summary, input:not([type="checkbox"])') || document.querySelector('dialog:modal')) return
  if (spot.matches('[type="checkbox"]') && event.key === ' ') return
  const arrows = event.key.startsWith('Arrow')
  if (arrows && !queue?.contains(spot)) return
  if (queue && act(event, spot.closest('[data-row]')) !== false) event.preventDefault()
})

// The tick box at the head of the queue ticks all rows of this page.
queue?.querySelector('[data-all]')?.addEventListener('change', event => {
  for (const box of queue.querySelectorAll('[data-row] input[type="checkbox"]')) box.checked = event.target.checked
})
