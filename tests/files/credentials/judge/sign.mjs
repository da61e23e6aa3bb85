// Signs credentials with a library by others, to see that it and ours come to the same, and how long it takes. Input on
// stdin: {documents: {url: json}, key: a Multikey with its secret, credentials: [json], at: time}; output: {seconds, credentials}.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as vc from '@digitalbazaar/vc';
import {readFileSync} from 'node:fs';

const {documents, key, credentials, at} = JSON.parse(readFileSync(0, 'utf8'));
const documentLoader = async url => {
  if(!(url in documents)) {
    throw new Error(`not bundled: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents[url], tag: 'static'};
};
const signer = (await Ed25519Multikey.from(key)).signer();
const signed = [];
const begun = process.hrtime.bigint();
for(const credential of credentials) {
  const suite = new DataIntegrityProof({signer, cryptosuite, date: at});
  signed.push(await vc.issue({credential, suite, documentLoader}));
}
process.stdout.write(JSON.stringify({seconds: Number(process.hrtime.bigint() - begun) / 1e9, credentials: signed}));
