// Makes an element. Text is always text: nothing here ever parses HTML.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== null && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }

  made.append(...children.filter(child => child !== undefined && child !== null));
  return made;
}

// A paragraph that says what went wrong, and is read out when it appears.
export function problem(message) {
  return element('p', { class: 'problem', role: 'alert' }, message);
}
