// Verifies credentials, or presentations, with libraries by others. Input on stdin: {documents: {url: json}, credentials:
// [json], presentations: [json]}; output: one {verified, revoked, error} for each; the library says of a revoked one that its list was read well. Nothing is fetched: what is not in `documents` is refused.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import jsigs from 'jsonld-signatures';
import {readFileSync} from 'node:fs';

const {documents, credentials, presentations = []} = JSON.parse(readFileSync(0, 'utf8'));
const documentLoader = async url => {
  if(!(url in documents)) {
    throw new Error(`not bundled: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents[url], tag: 'static'};
};
const suite = new DataIntegrityProof({cryptosuite});
const told = [];
const checking = {checkStatus: options => checkStatus({
  ...options, suite, documentLoader, verifyBitstringStatusListCredential: true})};
for(const presentation of presentations) {
  const presentationPurpose = new jsigs.purposes.AssertionProofPurpose();
  const found = await vc.verify({presentation, presentationPurpose, suite, documentLoader, ...checking});
  const revoked = (found.credentialResults ?? []).flatMap(one => one.statusResult?.results ?? []).some(r => r.status);
  const error = [found.error, ...(found.error?.errors ?? [])].filter(Boolean).map(e => e.message).join('; ');
  told.push({verified: found.verified, revoked, error});
}
for(const credential of credentials) {
  const status = credential.credentialStatus ? checking : {};
  const found = await vc.verifyCredential({credential, suite, documentLoader, ...status});
  const failed = [found, found.statusResult].map(part => part?.error).filter(Boolean);
  const errors = failed.flatMap(error => error.errors ?? [error]);
  const revoked = (found.statusResult?.results ?? []).some(result => result.status);
  told.push({verified: found.verified, revoked, error: errors.map(e => e.message).join('; ')});
}
process.stdout.write(JSON.stringify(told));
