// Sends requests, and shows them with their answers as they went over the wire.
import { element } from './dom.js';

// Headers of an answer that say something about the protocol; the rest is noise.
const TELLING_HEADERS = ['www-authenticate', 'content-type', 'location', 'etag', 'cache-control', 'retry-after'];
const SECRETS = new Set(['credential', 'claim_token', 'assertion']);
const SHOWN_OF_A_SECRET = 14;
const LONGEST_LINE = 80;

/** An answer that was not the expected one, or none at all. Its message is for people. */
export class WireError extends Error {}

/**
 * Sends a request and shows it.
 * @param {(exchange: Element) => void} show Takes the picture of the exchange.
 * @param {string} method The method.
 * @param {string} url The URL.
 * @param {{credential?: string, json?: object, expect?: number, or?: number}} options `expect`: the status that the lesson is about; 200 when
 *   not said. `or`: another one that is as good.
 * @returns {Promise<{status: number, headers: Headers, body: any}>}
 */
export async function send(show, method, url, { credential, json, expect = 200, or } = {}) {
  const headers = {};
  if (credential) {
    headers.Authorization = `Bearer ${credential}`;
  }

  if (json) {
    headers['Content-Type'] = 'application/json';
  }

  const request = { method, url, headers, body: json };
  let response;
  let text;
  try {
    response = await fetch(url, { method, headers, body: json && JSON.stringify(json), cache: 'no-store', credentials: 'omit', redirect: 'error' });
    text = await response.text();
  } catch (failure) {
    show(picture(request, null, expect));
    throw new WireError(`No answer from ${new URL(url, location.href).origin}: ${failure.message}. Does it run, and on that port?`);
  }

  const answer = { status: response.status, headers: response.headers, body: parse(text) };
  show(picture(request, { ...answer, reason: response.statusText }, response.status === or ? or : expect));
  if (response.status !== expect && response.status !== or) {
    const said = answer.body?.message ?? answer.body?.detail ?? '';
    const code = answer.body?.error ? ` ${answer.body.error}` : '';
    throw new WireError(`Expected ${expect}; the answer was ${response.status}${code}. ${said}`.trim());
  }

  return answer;
}

/** The URL in the `resource_metadata` parameter of a challenge (RFC 9728 §5.1). */
export function resourceMetadataIn(headers) {
  const url = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (!url) {
    throw new WireError('The 401 names no resource_metadata in its WWW-Authenticate header.');
  }

  return url;
}

/** Header and claims of a JWT, as anybody who holds it can read them. */
export function decode(jwt) {
  return jwt.split('.').slice(0, 2).map(part => {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  });
}

/** JSON for the eye: secrets shortened, and what fits on a line stays on one. */
export function pretty(value, indent = '') {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }

  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map(item => pretty(item, deeper))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${pretty(visible(name, member), deeper)}`);
  const line = isList ? `[${members.join(', ')}]` : `{ ${members.join(', ')} }`;
  const lines = `\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}`;
  return line.length + indent.length <= LONGEST_LINE && !line.includes('\n') ? line : isList ? `[${lines}]` : `{${lines}}`;
}

function visible(name, member) {
  return SECRETS.has(name) && typeof member === 'string' ? shorten(member) : member;
}

function shorten(secret) {
  return secret.length > SHOWN_OF_A_SECRET + 4 && !secret.includes('@') ? `${secret.slice(0, SHOWN_OF_A_SECRET)}…${secret.slice(-4)}` : secret;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text || null;
  }
}

function picture(request, answer, expected) {
  const url = new URL(request.url, location.href);
  const asked = [`${request.method} ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`];
  for (const [name, value] of Object.entries(request.headers)) {
    asked.push(`${name}: ${name === 'Authorization' ? `Bearer ${shorten(value.slice('Bearer '.length))}` : value}`);
  }

  const status = answer ? `${answer.status} ${answer.reason}`.trim() : 'No answer';
  const kind = answer?.status === expected ? (answer.status < 400 ? 'good' : 'refused') : 'bad';
  return element('details', { class: 'exchange', open: true },
    element('summary', {},
      element('code', {}, `${request.method} ${url.host === location.host ? '' : url.host}${url.pathname}`), ' ',
      element('span', { class: `status ${kind}` }, status)),
    message('Request', asked, request.body),
    answer ? message('Answer', [`HTTP/1.1 ${status}`, ...tellingHeaders(answer.headers)], answer.body) : null);
}

function tellingHeaders(headers) {
  return TELLING_HEADERS.filter(name => headers.has(name)).map(name => `${name}: ${headers.get(name)}`);
}

function message(title, head, body) {
  const text = body === null || body === undefined ? '' : `\n\n${typeof body === 'string' ? body : pretty(body)}`;
  return element('div', { class: 'message' }, element('h3', {}, title), element('pre', {}, head.join('\n') + text));
}
