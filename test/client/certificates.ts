import { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly crt: string
  readonly key: string
  readonly keys: CryptoKeyPair
}
type CryptoKeyPair = webcrypto.CryptoKeyPair

/** Signed by another, or an authority that signed itself. */
export async function certify(name: string, by?: Identity): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2090-01-01') }
  const extensions = by
    ? [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])]
    : [new x509.BasicConstraintsExtension(true, 1, true)]
  const own = { serialNumber: '01', ...validity, extensions, signingAlgorithm: ALGORITHM }
  const certificate = by
    ? await x509.X509CertificateGenerator.create({
        ...own,
        subject: `CN=${name}`,
        issuer: new x509.X509Certificate(by.crt).subject,
        publicKey: keys.publicKey,
        signingKey: by.keys.privateKey,
      })
    : await x509.X509CertificateGenerator.createSelfSigned({ ...own, name: `CN=${name}`, keys })
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${exported.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  return { crt: certificate.toString('pem'), key, keys }
}
