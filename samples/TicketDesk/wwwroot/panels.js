// The inbox and the audit trail. They are the demo's, not the protocol's, so their requests are not shown.
import { element, problem } from './dom.js';

const LINK = /(https?:\/\/\S+)/;

/** The mails to an address, newest first. */
export async function findMail(address) {
  return (await read('/demo/inbox')).filter(mail => mail.to.toLowerCase() === address.toLowerCase());
}

/** A mail, its links ready to be opened in a tab of their own. */
export function showMail(mail, { open = false } = {}) {
  const text = mail.text.trim().split(LINK).map((part, index) => index % 2 === 0
    ? part
    : element('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, 'Open the confirmation page', element('span', { class: 'hidden' }, ' (new tab)')));
  return element('details', { class: 'mail', open },
    element('summary', {}, element('strong', {}, mail.subject), ' ', element('span', { class: 'to' }, `to ${mail.to}`)),
    element('div', { class: 'letter' }, ...text));
}

/** Reads both again. What does not change stays untouched, so that an opened mail stays open. */
export async function refreshPanels() {
  await Promise.all([
    refresh('inbox', '/demo/inbox', 'No mail yet.', mails => mails.map(mail => showMail(mail))),
    refresh('audit', '/demo/audit', 'Nothing happened yet.', rows => [element('ol', { class: 'audit' }, ...rows.map(showRow))]),
  ]);
}

function showRow(row) {
  const good = row.outcome === 'success';
  return element('li', {},
    element('time', { datetime: row.at }, new Date(row.at).toLocaleTimeString()),
    element('span', { class: 'event' }, row.event),
    element('span', { class: `status ${good ? 'good' : 'refused'}` }, row.outcome),
    element('span', { class: 'who' }, [row.subject, row.registrationId].filter(Boolean).join(' · ')));
}

async function refresh(id, url, empty, show) {
  const panel = document.getElementById(id);
  try {
    const items = await read(url);
    const now = JSON.stringify(items);
    if (panel.dataset.shown !== now) {
      panel.dataset.shown = now;
      panel.replaceChildren(...(items.length ? show(items) : [element('p', { class: 'empty' }, empty)]));
    }
  } catch (failure) {
    delete panel.dataset.shown;
    panel.replaceChildren(problem(failure.message));
  }
}

/** Reads one of the demo's own endpoints. */
export async function read(url) {
  const response = await fetch(url, { cache: 'no-store' }).catch(failure => {
    throw new Error(`${url} gave no answer: ${failure.message}. Does TicketDesk still run?`);
  });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}.`);
  }

  return response.json();
}
