import type { CertificateView } from '../../context-host.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { netType, type Uniform } from '../../runtime/values.ts';
import { Certificate } from '../../runtime/x509/certificate.ts';
import { HostDictionary } from './dictionaries.ts';

/** `context.Deployment.Certificates`. A certificate is read when it is asked for: there may be many. */
export class CertificatesDictionary extends HostDictionary {
  get [netType](): string {
    return 'System.Collections.Generic.Dictionary<System.String, System.Security.Cryptography.X509Certificates.X509Certificate2>';
  }
  readonly #views: ReadonlyMap<string, CertificateView>;
  constructor(views: ReadonlyMap<string, CertificateView>) {
    super();
    this.#views = views;
  }
  get count(): number {
    return this.#views.size;
  }
  find(key: Uniform): Certificate | undefined {
    if (key === null) throw argumentNull('key');
    const view = this.#views.get(String(key));
    return view ? certificateOf(view) : this.#byThumbprint(String(key));
  }
  /** Published policies name certificates by thumbprint too. */
  #byThumbprint(key: string): Certificate | undefined {
    if (!/^[0-9A-Fa-f]{40}$/.test(key)) return undefined;
    for (const view of this.#views.values()) {
      const certificate = certificateOf(view);
      if (certificate.thumbprint === key.toUpperCase()) return certificate;
    }
    return undefined;
  }
  *entries(): Iterable<readonly [string, Uniform]> {
    for (const [id, view] of this.#views) yield [id, certificateOf(view)];
  }
}

const certificateOf = ({ der, privateKeyPem }: CertificateView) => Certificate.of(der, privateKeyPem);
