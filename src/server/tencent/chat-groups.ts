import { randomInt } from 'node:crypto';
import type { Removal } from '../outbox/outbox.ts';
import type { TrtcSettings } from '../settings/settings.ts';
import type { CloudEndpoint } from './cloud-rooms.ts';
import type { RemovingCloud } from '../outbox/outbox-delivery.ts';
import { TrtcSigner } from './trtc-signatures.ts';

/** The account that may do so; IM makes it along with the application (document 269/31999). */
const ADMINISTRATOR = 'administrator';
/** For this one request; in seconds. */
const SIGNATURE = 300;
/** In ms; shorter than the time for which a node has taken a removal (timeouts.ts). */
const PATIENCE = 10_000;
const LONGEST_INFO = 200;

/**
 * No group of this id: it never was, it was taken down, or IM takes none under it (document 269/1624; of an id that
 * an application chose for itself IM says the second where there is no such group).
 */
const GONE: ReadonlySet<unknown> = new Set([10_010, 10_015]);

interface Answer {
  readonly ErrorCode?: unknown;
  readonly ErrorInfo?: unknown;
}

/**
 * The groups in which rooms' conversations ran on IM, by its REST API, which takes a signature of the application's
 * administrator: no further key is needed. The group's id is the room's number.
 */
export class ChatGroups implements RemovingCloud {
  readonly service = 'im';
  readonly #signer: TrtcSigner;

  constructor(
    private readonly trtc: TrtcSettings,
    private readonly endpoint: CloudEndpoint = { protocol: 'https://', host: trtc.imHost },
  ) {
    this.#signer = new TrtcSigner(trtc);
  }

  /** Takes the group down, whoever made it. */
  async remove({ room }: Pick<Removal, 'room'>, signal: AbortSignal): Promise<void> {
    const userSig = this.#signer.chat(ADMINISTRATOR, SIGNATURE);
    const answer = await this.#ask('group_open_http_svc/destroy_group', userSig, signal, {
      GroupId: String(room),
    });
    const { ErrorCode: code, ErrorInfo: info } = answer;
    if (code === 0 || GONE.has(code)) return;
    // Whatever it says is logged: should it repeat the question, then without the signature.
    const said = String(info).replaceAll(userSig, '…').slice(0, LONGEST_INFO);
    throw new Error(`IM answered ${String(code)}: ${said}`);
  }

  /** Errors but those of the network come with status 200, in the answer itself. */
  async #ask(
    command: string,
    userSig: string,
    signal: AbortSignal,
    question: object,
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
      body: JSON.stringify(question),
      // Nowhere else has a right to the signature.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
    if (!response.ok) throw new Error(`IM answered with status ${response.status}`);
    return ((await response.json()) ?? {}) as Answer;
  }
}
