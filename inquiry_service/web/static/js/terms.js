// The terms of a question as switches (data-term) beside a search field: with script the search follows at once,
// and what a person typed into the field stays. Without script the form's own button puts the terms into the field.

const field = document.querySelector('[data-terms-into]')
const form = document.querySelector('[data-terms]')

function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function without(query, words) {
  for (const word of words) {
    query = query.replace(new RegExp(`(^|\\s)${escaped(word)}(?=\\s|$)`, 'giu'), '$1')
  }
  return query.replace(/\s+/g, ' ').trim()
}

function wordsOf(term) {
  return term.match(/[\p{L}\p{N}]+(?:[-'’/.,][\p{L}\p{N}]+)*/gu) ?? []
}

function held() {
  // A word of two terms stays as long as one of them is switched on.
  const on = [...form.querySelectorAll('[data-term]:checked')]
  return new Set(on.flatMap(box => wordsOf(box.value)).map(word => word.toLowerCase()))
}

function follow(box) {
  const words = wordsOf(box.value)
  if (box.checked) {
    const there = wordsOf(field.value.toLowerCase())
    const missing = words.filter(word => !there.includes(word.toLowerCase()))
    field.value = [field.value.trim(), ...missing].filter(Boolean).join(' ')
  } else {
    const kept = held()
    field.value = without(field.value, words.filter(word => !kept.has(word.toLowerCase())))
  }
}

if (field && form) {
  for (const part of form.querySelectorAll('[data-without-script]')) part.hidden = true
  form.addEventListener('change', event => {
    if (event.target.matches('[data-term]')) follow(event.target)
  })
}
