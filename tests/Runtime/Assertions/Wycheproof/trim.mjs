// Makes the files here out of Wycheproof's: node trim.mjs <checkout>/testvectors_v1 <this folder>
// What stays is what the tests use: the key as a JWK, and number, comment, verdict and data of each vector.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [from, to] = process.argv.slice(2);
const files = [
  'ecdsa_secp256r1_sha256_p1363', 'ecdsa_secp384r1_sha384_p1363',
  'rsa_pkcs1_1024_sig_gen', 'rsa_pkcs1_1536_sig_gen',
  'rsa_signature_2048_sha256', 'rsa_signature_3072_sha256', 'rsa_signature_4096_sha256',
  'rsa_pss_2048_sha256_mgf1_0', 'rsa_pss_2048_sha256_mgf1sha1_20',
  'rsa_pss_2048_sha256_mgf1_32', 'rsa_pss_3072_sha256_mgf1_32', 'rsa_pss_4096_sha256_mgf1_32',
  'json_web_signature', 'json_web_crypto', 'json_web_key',
];

const curves = { secp256r1: ['P-256', 32], secp384r1: ['P-384', 48] };
const base64url = hex => Buffer.from(hex, 'hex').toString('base64url');
const number = (hex, length) => base64url(hex.replace(/^(00)+/, '').padStart(2 * (length ?? 0), '0'));

function jwk({ curve, wx, wy, modulus, publicExponent }) {
  if (!curve) {
    return { kty: 'RSA', n: number(modulus), e: number(publicExponent) };
  }
  const [crv, length] = curves[curve];
  return { kty: 'EC', crv, x: number(wx, length), y: number(wy, length) };
}

const signature = group => ({
  key: jwk(group.publicKey ?? group.privateKey),
  tests: group.tests.map(({ tcId, comment, result, msg, sig }) => ({ tcId, comment, result, msg: base64url(msg), sig: base64url(sig) })),
});

// Some vectors are no compact form but a JSON object: it is kept as the text that somebody would send.
const text = jws => typeof jws === 'string' ? jws : JSON.stringify(jws);
const web = group => ({
  keys: (group.public ?? group.private).keys ?? [group.public ?? group.private],
  tests: group.tests.map(({ tcId, comment, result, jws }) => ({ tcId, comment, result, jws: text(jws) })),
});

for (const file of files) {
  const { testGroups } = JSON.parse(readFileSync(join(from, `${file}_test.json`), 'utf8'));
  const groups = file.startsWith('json_')
    ? testGroups.filter(group => group.tests[0].jws !== undefined).map(web)
    : testGroups.filter(group => group.sha === (file.includes('sha384') ? 'SHA-384' : 'SHA-256')).map(signature);
  writeFileSync(join(to, `${file}.json.gz`), gzipSync(JSON.stringify({ groups }), { level: 9 }));
}
