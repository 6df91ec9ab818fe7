// Keyboard shortcuts: every key belongs to a visible link or button that carries data-hotkey.
// Single letters obey the person's switch (data-keys on <html>) and never act inside a field;
// combinations with Ctrl or Cmd always work. No key reaches past an open dialog.
import {install, uninstall} from '../vendor/hotkey.js'

const switchedOn = document.documentElement.dataset.keys !== 'off'
const installed = new Set()

// '?' and '/' need Shift on some keyboards only, so both ways are bound.
function spellings(hotkey) {
  return hotkey === '?' || hotkey === '/' ? `${hotkey},Shift+${hotkey}` : hotkey
}

function blockedByDialog(element) {
  const open = document.querySelector('dialog:modal')
  return open !== null && !open.contains(element)
}

function bind(element) {
  const hotkey = element.dataset.hotkey
  if (installed.has(element) || !hotkey || (!switchedOn && !hotkey.includes('Mod+'))) return
  install(element, spellings(hotkey))
  installed.add(element)
  element.addEventListener('hotkey-fire', event => {
    if (blockedByDialog(element)) event.preventDefault()
  })
}

// Called at start and after each partial update: keys of removed parts must not linger.
export function refresh() {
  for (const element of installed) {
    if (element.isConnected) continue
    uninstall(element)
    installed.delete(element)
  }
  document.querySelectorAll('[data-hotkey]').forEach(bind)
}

// Escape leaves a field, so that the letters work again; dialogs and popovers keep their own Escape.
document.addEventListener('keydown', event => {
  const field = event.target
  if (event.key !== 'Escape' || event.defaultPrevented || !(field instanceof HTMLElement)) return
  if (field.matches('input, textarea, select') && !field.closest('dialog, [popover]')) field.blur()
})

document.addEventListener('htmx:after:swap', refresh)
refresh()
