import { randomInt } from 'node:crypto';
import type { OutboxReceiver } from '../outbox/outbox-delivery.ts';
import type { ImOrder } from '../outbox/outbox.ts';
import type { TrtcSettings } from '../settings/settings.ts';
import type { CloudEndpoint } from './cloud-rooms.ts';
import { TrtcSigner } from './trtc-signatures.ts';

/** The account that may take groups down. IM makes it along with the application (document 269/31999). */
const ADMINISTRATOR = 'administrator';
/** Each request has a signature of its own. */
const SIGNATURE_SECONDS = 300;
/** Shorter than `timeouts.outboxClaim`. */
const REQUEST_TIMEOUT_MS = 10_000;
/** What is logged of IM's own explanation. */
const MAX_INFO_LENGTH = 200;

/**
 * Codes for a group that does not exist (document 269/1624): it was never made, it was taken down, or its id is not
 * allowed. For an id that the application chose IM also answers with the second code if there is no such group.
 */
const GONE: ReadonlySet<unknown> = new Set([10_010, 10_015]);

interface Answer {
  readonly ErrorCode?: unknown;
  readonly ErrorInfo?: unknown;
}

/**
 * Takes down the IM groups in which rooms had their conversations, through IM's REST API. It takes a signature of the
 * application's administrator, so no further key is needed.
 */
export class ChatGroups implements OutboxReceiver<'im'> {
  readonly service = 'im';
  readonly #signer: TrtcSigner;

  constructor(
    private readonly trtc: TrtcSettings,
    private readonly endpoint: CloudEndpoint = { protocol: 'https://', host: trtc.imHost },
  ) {
    this.#signer = new TrtcSigner(trtc);
  }

  async deliver({ payload }: Pick<ImOrder, 'payload'>, signal: AbortSignal): Promise<void> {
    const userSig = this.#signer.chat(ADMINISTRATOR, SIGNATURE_SECONDS);
    const answer = await this.#request('group_open_http_svc/destroy_group', userSig, signal, {
      GroupId: String(payload.room),
    });
    const { ErrorCode: code, ErrorInfo: info } = answer;
    if (code === 0 || GONE.has(code)) return;
    // The explanation is logged. It might repeat the request, so the signature is taken out.
    const explanation = String(info).replaceAll(userSig, '…').slice(0, MAX_INFO_LENGTH);
    throw new Error(`IM answered ${String(code)}: ${explanation}`);
  }

  /** IM reports its errors with status 200, in the answer's body. */
  async #request(
    command: string,
    userSig: string,
    signal: AbortSignal,
    body: object,
  ): Promise<Answer> {
    const { protocol, host } = this.endpoint;
    const parameters = new URLSearchParams({
      sdkappid: String(this.trtc.sdkAppId),
      identifier: ADMINISTRATOR,
      usersig: userSig,
      random: String(randomInt(2 ** 32)),
      contenttype: 'json',
    });
    const response = await fetch(`${protocol}${host}/v4/${command}?${parameters}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // A redirect would hand the signature to another host.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Error(`IM answered with status ${response.status}`);
    return ((await response.json()) ?? {}) as Answer;
  }
}
