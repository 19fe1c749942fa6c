import { createHash, randomBytes } from 'node:crypto';
import type * as pkcs11 from 'pkcs11js';
import { StoreError } from '../errors.ts';
import { nonceBytes } from './aes-gcm.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';
import { type Pkcs11Location, parsePkcs11Uri } from './pkcs11-uri.ts';

type Module = typeof pkcs11;

/** Modules of this process by path: one can be initialised once only. */
const loaded = new Map<string, pkcs11.PKCS11>();

/**
 * An AES key that stays in a PKCS#11 token: the token wraps and unwraps data keys with CKM_AES_GCM (PKCS#11 2.40, section 2.12).
 * Throws `KeyUnusable`, also where the optional dependency `pkcs11js` is not installed.
 */
export async function openPkcs11Key(uri: string): Promise<KeyProvider> {
  const location = parsePkcs11Uri(uri);
  let module: Module;
  try {
    module = await import('pkcs11js');
  } catch (error) {
    throw unusable(
      'the package pkcs11js is not installed (it is built from source: Python, make and a C++ compiler)',
      error,
    );
  }
  try {
    return new Pkcs11Key(module, location);
  } catch (error) {
    throw error instanceof StoreError ? error : unusable(`the PKCS#11 token: ${messageOf(error)}`, error);
  }
}

class Pkcs11Key implements KeyProvider {
  private readonly module: Module;
  private readonly library: pkcs11.PKCS11;
  private readonly session: pkcs11.Handle;
  private readonly key: pkcs11.Handle;
  private readonly keyId: string;

  constructor(module: Module, location: Pkcs11Location) {
    this.module = module;
    this.library = libraryAt(module, location.modulePath);
    const slot = this.slotOf(location.token);
    this.session = this.library.C_OpenSession(slot, module.CKF_SERIAL_SESSION);
    try {
      this.logIn(location.pin);
      this.key = this.find(location);
    } catch (error) {
      this.library.C_CloseSession(this.session);
      throw error;
    }
    const identity = createHash('sha256').update(`${location.token}\0${location.object}`).digest('hex');
    this.keyId = `pkcs11-${identity.slice(0, 16)}`;
  }

  currentKeyId(): string {
    return this.keyId;
  }

  has(keyId: string): boolean {
    return keyId === this.keyId;
  }

  wrap(dataKey: Uint8Array, aad: Uint8Array): WrappedKey {
    const nonce = randomBytes(nonceBytes);
    const output = Buffer.alloc(dataKey.length + 64);
    try {
      this.library.C_EncryptInit(this.session, this.mechanism(nonce, aad), this.key);
      const ciphertext = this.library.C_Encrypt(this.session, Buffer.from(dataKey), output);
      return { keyId: this.keyId, wrapped: Buffer.concat([nonce, ciphertext]) };
    } catch (error) {
      throw unusable(`the PKCS#11 token does not encrypt: ${messageOf(error)}`, error);
    }
  }

  unwrap({ keyId, wrapped }: WrappedKey, aad: Uint8Array): Uint8Array | undefined {
    if (keyId !== this.keyId || wrapped.length < nonceBytes + 16) return undefined;
    const ciphertext = Buffer.from(wrapped.subarray(nonceBytes));
    try {
      this.library.C_DecryptInit(
        this.session,
        this.mechanism(Buffer.from(wrapped.subarray(0, nonceBytes)), aad),
        this.key,
      );
      return Buffer.from(this.library.C_Decrypt(this.session, ciphertext, Buffer.alloc(ciphertext.length + 64)));
    } catch (error) {
      const code = error instanceof this.module.Pkcs11Error ? error.code : undefined;
      // Tokens answer a tag that does not fit with one of these.
      const { CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_GENERAL_ERROR, CKR_DATA_INVALID } =
        this.module;
      const misfit = [CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_GENERAL_ERROR, CKR_DATA_INVALID];
      if (code !== undefined && misfit.includes(code)) return undefined;
      throw unusable(`the PKCS#11 token does not decrypt: ${messageOf(error)}`, error);
    }
  }

  close(): void {
    this.library.C_CloseSession(this.session);
  }

  private mechanism(iv: Buffer, aad: Uint8Array): pkcs11.Mechanism {
    const { CKM_AES_GCM, CK_PARAMS_AES_GCM } = this.module;
    const parameter: pkcs11.AesGCM = {
      type: CK_PARAMS_AES_GCM,
      iv,
      ivBits: iv.length * 8,
      aad: Buffer.from(aad),
      tagBits: 128,
    };
    return { mechanism: CKM_AES_GCM, parameter };
  }

  private slotOf(token: string): pkcs11.Handle {
    for (const slot of this.library.C_GetSlotList(true)) {
      if (this.library.C_GetTokenInfo(slot).label.trim() === token) return slot;
    }
    throw unusable(`there is no PKCS#11 token '${token}'`);
  }

  private logIn(pin: string): void {
    try {
      this.library.C_Login(this.session, this.module.CKU_USER, pin);
    } catch (error) {
      const { CKR_USER_ALREADY_LOGGED_IN } = this.module;
      const already = error instanceof this.module.Pkcs11Error && error.code === CKR_USER_ALREADY_LOGGED_IN;
      if (!already) throw error;
    }
  }

  private find({ token, object }: Pkcs11Location): pkcs11.Handle {
    const { CKA_CLASS, CKO_SECRET_KEY, CKA_LABEL } = this.module;
    this.library.C_FindObjectsInit(this.session, [
      { type: CKA_CLASS, value: CKO_SECRET_KEY },
      { type: CKA_LABEL, value: object },
    ]);
    const found: pkcs11.Handle[] = this.library.C_FindObjects(this.session, 2);
    this.library.C_FindObjectsFinal(this.session);
    const [key] = found;
    if (key === undefined) throw unusable(`the PKCS#11 token '${token}' has no secret key '${object}'`);
    if (found.length > 1) throw unusable(`the PKCS#11 token '${token}' has several secret keys '${object}'`);
    return key;
  }
}

function libraryAt(module: Module, path: string): pkcs11.PKCS11 {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const library = new module.PKCS11();
  library.load(path);
  try {
    library.C_Initialize();
  } catch (error) {
    const already = error instanceof module.Pkcs11Error && error.code === module.CKR_CRYPTOKI_ALREADY_INITIALIZED;
    if (!already) throw error;
  }
  loaded.set(path, library);
  return library;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unusable = (reason: string, cause?: unknown): StoreError => new StoreError('KeyUnusable', { reason }, { cause });
