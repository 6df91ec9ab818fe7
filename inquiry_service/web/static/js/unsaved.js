// A long form marked data-unsaved: leaving it with typed text asks first, typing keeps the session alive,
// and a session that ended meanwhile costs no text. Also: too large files are refused before they are sent,
// and the zone list starts with the zone of this computer.

const form = document.querySelector('form[data-unsaved]')
const FRESH = 4 * 60 * 1000
let dirty = form?.dataset.unsaved === 'typed'
let seen = Date.now()
let leaving = false

function warn(words) {
  const note = document.createElement('p')
  note.className = 'eh-note eh-note-bad'
  note.setAttribute('role', 'alert')
  note.textContent = words
  document.getElementById('flashes')?.replaceChildren(note)
  note.scrollIntoView({block: 'nearest'})
}

// The page as it is now: proves that the session lives and holds the token that belongs to it.
async function renew() {
  try {
    const response = await fetch(location.pathname, {credentials: 'same-origin'})
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const token = page.getElementById(form.id)?.querySelector('[name="csrf_token"]')?.value
    if (!response.ok || !token) return false
    form.querySelector('[name="csrf_token"]').value = token
    const meta = document.querySelector('meta[name="csrf-token"]')
    if (meta) meta.content = token
    seen = Date.now()
    return true
  } catch {
    return false
  }
}

function tooLarge() {
  return [...form.querySelectorAll('input[type="file"][data-most]')].some(field =>
    [...field.files].reduce((sum, file) => sum + file.size, 0) > Number(field.dataset.most))
}

function onInput() {
  dirty = true
  if (Date.now() - seen < FRESH) return
  seen = Date.now()
  renew()
}

async function onSubmit(event) {
  if (tooLarge()) {
    event.preventDefault()
    warn('The files are too large together. Choose fewer or smaller ones; everything you typed is still here.')
    return
  }
  leaving = true
  if (Date.now() - seen < FRESH) return
  event.preventDefault()
  leaving = false
  if (await renew()) form.requestSubmit(event.submitter)
  else warn('Your session has ended. Sign in again in another tab, then save here; everything you typed is still here.')
}

function startZone() {
  const zones = form.querySelector('select[data-zone]')
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const untouched = zones && !dirty && zones.value === 'UTC'
  if (untouched && [...zones.options].some(option => option.value === own)) zones.value = own
}

if (form) {
  startZone()
  form.addEventListener('input', onInput)
  form.addEventListener('submit', onSubmit)
  window.addEventListener('beforeunload', event => { if (dirty && !leaving) event.preventDefault() })
}
