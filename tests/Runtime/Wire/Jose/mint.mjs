// An agent provider as somebody else would write it, with `jose`: keys, a JWK set and tokens, as JSON on the standard output.
// Its only argument is JSON: issuer, audience, now.
import { webcrypto } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

// Node 18 has it under this name only.
globalThis.crypto ??= webcrypto;

const { issuer, audience, now } = JSON.parse(process.argv[2]);
const keys = [];
const tokens = {};

for (const alg of ['ES256', 'ES384', 'RS256', 'PS256']) {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  keys.push({ ...jwk, kid, alg, use: 'sig' });

  const sign = (typ, claims) => new SignJWT(claims)
    .setProtectedHeader({ alg, typ, kid })
    .setIssuer(issuer)
    .setSubject(`user-${alg}`)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt(now);
  const idJag = sign('oauth-id-jag+jwt', { client_id: issuer, email: `${alg.toLowerCase()}@example.com`, email_verified: true });
  const logout = sign('logout+jwt', { events: { 'https://schemas.workos.com/events/agent/auth/identity/assertion/revoked': {} } });
  tokens[alg] = { idJag: await idJag.setExpirationTime(now + 300).sign(privateKey), logout: await logout.sign(privateKey) };
}

console.log(JSON.stringify({ keys: { keys }, tokens }));
