// Where the focus goes and what is said after a partial update, and the CSRF token of each such request.
//   new content with data-focus (error summary)   -> it gets the focus
//   source with data-after="heading"              -> heading of the new part gets it (navigation-like)
//   a removed row                                 -> the next row gets it
//   source with data-after="nothing"              -> it polls: the focus is not touched
//   anything else                                 -> the focus stays; if its element went, its successor has it
// The words come from data-announce on the new part, else on the source, and go to the one live region.

let nextRow = null
let keptId = ''

function announce(words) {
  const region = document.getElementById('announce')
  if (!region || !words) return
  region.textContent = ''
  setTimeout(() => { region.textContent = words }, 50)
}

function give(element) {
  if (!element) return
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) element.tabIndex = -1
  element.focus()
}

function lost() {
  return document.activeElement === document.body || document.activeElement === null
}

function settle(source, target) {
  const stopper = target.matches('[data-focus]') ? target : target.querySelector('[data-focus]')
  if (stopper) return give(stopper)
  if (source?.dataset?.after === 'nothing') return
  if (source?.dataset?.after === 'heading') return give(target.querySelector('h1, h2, h3') ?? target)
  if (nextRow && !source?.isConnected) return give(nextRow.querySelector('a[href], button') ?? nextRow)
  if (lost()) give(document.getElementById(keptId) ?? target)
}

function warn(words) {
  const note = document.createElement('p')
  note.className = 'eh-note eh-note-bad'
  note.setAttribute('role', 'alert')
  note.textContent = words
  document.getElementById('flashes')?.replaceChildren(note)
}

document.addEventListener('htmx:config:request', event => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content
  const {request} = event.detail.ctx
  if (token && request.method !== 'GET') request.headers['X-CSRFToken'] = token
})
document.addEventListener('htmx:before:swap', event => {
  const row = event.detail.ctx.sourceElement?.closest?.('[data-row]')
  nextRow = row?.nextElementSibling ?? row?.previousElementSibling ?? null
  keptId = document.activeElement?.id ?? ''
})
document.addEventListener('htmx:after:swap', event => {
  const {sourceElement, target} = event.detail.ctx
  const part = target?.isConnected ? target : document.getElementById(target?.id) ?? document.getElementById('main')
  settle(sourceElement, part)
  announce(part.querySelector('[data-announce]')?.dataset.announce ?? sourceElement?.dataset?.announce)
})
document.addEventListener('htmx:error', () => warn('The server could not be reached. Your text is still here; try again.'))
document.addEventListener('htmx:response:error', event => {
  const {status} = event.detail.ctx.response
  if (status === 401) warn('Your session has ended. Sign in again in another tab, then repeat the last step.')
  else if (status === 403 || status === 404) warn('This is not open to you, or no longer. Reload the page.')
  else if (status === 429) warn('Too many attempts. Wait a little, then try again.')
  else if (status >= 500) warn('Something failed on our side; nothing was saved. Try again.')
})

const waiting = document.querySelector('[data-focus]')
if (waiting) give(waiting)
