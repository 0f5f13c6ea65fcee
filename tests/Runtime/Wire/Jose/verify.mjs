// Verifies tokens as a service would with `jose`, each with the JWK set of its issuer. Its only argument is the path of a JSON file: now, tolerance,
// audience, and cases of token, keys (base64 of the document), issuer, typ and required claims. Answers with an array: null for each token
// that is good, and what is wrong with the others.
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, jwtVerify } from 'jose';

// Node 18 has it under this name only.
globalThis.crypto ??= webcrypto;

const { now, tolerance, audience, cases } = JSON.parse(await readFile(process.argv[2], 'utf8'));
const answers = [];
for (const { token, keys, issuer, typ, required } of cases) {
  try {
    // As createRemoteJWKSet reads what it fetched.
    const set = await new Response(Buffer.from(keys, 'base64')).json();
    await jwtVerify(token, createLocalJWKSet(set), {
      issuer, audience, typ, requiredClaims: required, clockTolerance: tolerance, currentDate: new Date(now * 1000),
    });
    answers.push(null);
  } catch (error) {
    answers.push(`${error.code ?? error.name}: ${error.message}`);
  }
}

console.log(JSON.stringify(answers));
