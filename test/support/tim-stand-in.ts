import TIM from 'tim-js-sdk/tim-js.es.js';
import type { Message } from 'tim-js-sdk';
import type { Tim, TimClient } from '../../src/chat/tim/sdk.ts';

const { EVENT, TYPES } = TIM;
type Options<M extends 'createTextMessage' | 'createImageMessage' | 'createCustomMessage'> =
  Parameters<TimClient[M]>[0];

/** The failure with which the SDK rejects. */
export class TimFailure extends Error {
  constructor(readonly code: number) {
    super(`stand-in ${code}`);
  }
}

interface Group {
  readonly type: string;
  readonly members: Set<string>;
  owner: string;
}

/** The service: who is signed in, the groups, and the failures that a test has set. */
export class TimCloud {
  readonly groups = new Map<string, Group>();
  readonly clients = new Map<string, TimStandIn>();
  /** Every message that a group keeps, with those who received it at once. */
  readonly kept: Message[] = [];
  /** Every sign-in, in order. */
  readonly logins: { readonly userID: string; readonly userSig: string }[] = [];
  readonly expired = new Set<string>();
  readonly refusals: { readonly call: string; readonly code: number }[] = [];
  /** Calls without an answer. */
  readonly silent = new Set<string>();
  /** Instances that were created and not destroyed. */
  readonly instances = new Set<TimStandIn>();

  /** The SDK of one page. */
  page(): Tim {
    const instances = new Map<number, TimStandIn>();
    const create = ({ SDKAppID }: { SDKAppID: number }): never => {
      const instance =
        instances.get(SDKAppID) ?? new TimStandIn(this, () => instances.delete(SDKAppID));
      instances.set(SDKAppID, instance);
      this.instances.add(instance);
      return instance as never;
    };
    return { create, EVENT, TYPES };
  }

  /** Answers the next such call with this code. */
  refuse(call: string, code: number): void {
    this.refusals.push({ call, code });
  }

  /** The cloud's answer to a call, before the call has an effect. */
  async answer(call: string): Promise<void> {
    await Promise.resolve();
    if (this.silent.has(call)) await new Promise(() => {});
    this.judge(call);
  }

  /** Throws if the next such call is refused. */
  judge(call: string): void {
    const index = this.refusals.findIndex((refusal) => refusal.call === call);
    if (index >= 0) throw new TimFailure(this.refusals.splice(index, 1)[0]!.code);
  }

  /** Dismisses a group, as its owner, the console or the trial's limit do. */
  dismiss(groupID: string): void {
    const members = [...(this.groups.get(groupID)?.members ?? [])];
    this.groups.delete(groupID);
    for (const member of members) this.clients.get(member)?.handleNotice(groupID, 5);
  }
}

/**
 * The part of the SDK that is used. Its class has the SDK's own types and keeps the SDK's rules: before SDK_READY only
 * the sign-in; no joining of a missing group; one person for each instance and one instance for each person; 12 KB for
 * each message; nothing after `destroy`.
 */
export class TimStandIn implements TimClient {
  #user: string | null = null;
  #ready = false;
  #loggingIn = false;
  #ended = false;
  #plugin = false;
  #serial = 0;
  readonly #listeners = new Map<string, Set<(event: { name: string; data: unknown }) => void>>();
  readonly #made = new WeakSet<Message>();

  constructor(
    private readonly cloud: TimCloud,
    private readonly forget: () => void,
  ) {}

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async login({ userID, userSig }: { userID: string; userSig: string }) {
    this.#refuseEnded();
    if (this.#user !== null) return { code: 0, data: { actionStatus: 'OK', repeatLogin: true } };
    if (this.#loggingIn) throw new TimFailure(2025);
    this.#loggingIn = true;
    try {
      await this.cloud.answer('login');
      if (this.#ended) return new Promise<never>(() => {});
      if (this.cloud.expired.has(userSig)) throw new TimFailure(70001);
    } finally {
      this.#loggingIn = false;
    }
    this.cloud.logins.push({ userID, userSig });
    this.cloud.clients.get(userID)?.kick(String(TYPES.KICKED_OUT_MULT_DEVICE));
    this.cloud.clients.set(userID, this);
    this.#user = userID;
    // The SDK becomes ready later, when it has loaded the conversations.
    void this.cloud.answer('ready').then(() => {
      if (this.#user === null) return;
      this.#ready = true;
      this.emit(EVENT.SDK_READY, undefined);
    });
    return { code: 0, data: { actionStatus: 'OK' } };
  }

  async destroy(): Promise<void> {
    this.#refuseEnded();
    this.#ended = true;
    const signedIn = this.#user !== null;
    await Promise.resolve();
    this.#signOut();
    this.#listeners.clear();
    this.cloud.instances.delete(this);
    this.forget();
    if (!signedIn) throw new TimFailure(2024);
  }

  on(event: string, listener: (event: never) => void): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener as never));
  }

  off(event: string, listener: (event: never) => void): void {
    if (!this.#listeners.get(event)?.delete(listener as never)) {
      throw new Error(`${event} has no such listener`);
    }
  }

  /** The SDK needs the plugin at the sign-in. */
  registerPlugin(plugins: object): void {
    this.cloud.judge('registerPlugin');
    if (this.#user === null) this.#plugin = 'tim-upload-plugin' in plugins;
  }

  setLogLevel(): void {}

  async createGroup({ groupID = '', type }: Parameters<TimClient['createGroup']>[0]) {
    await this.#ask('createGroup');
    const known = this.cloud.groups.get(groupID);
    if (known) throw new TimFailure(known.owner === this.#user ? 10025 : 10021);
    const owner = this.#user!;
    this.cloud.groups.set(groupID, { type: String(type), owner, members: new Set([owner]) });
    return { code: 0, data: { group: { groupID } } };
  }

  async joinGroup({ groupID }: { groupID: string }) {
    await this.#ask('joinGroup');
    const group = this.#group(groupID);
    const again = group.members.has(this.#user!);
    group.members.add(this.#user!);
    const status = again ? TYPES.JOIN_STATUS_ALREADY_IN_GROUP : TYPES.JOIN_STATUS_SUCCESS;
    return { code: 0, data: { status } };
  }

  async quitGroup(groupID: string) {
    await this.#ask('quitGroup');
    const group = this.#group(groupID);
    if (group.owner === this.#user) throw new TimFailure(10009);
    if (!group.members.delete(this.#user!)) throw new TimFailure(2623);
    return { code: 0, data: { groupID } };
  }

  async dismissGroup(groupID: string) {
    await this.#ask('dismissGroup');
    if (this.#group(groupID).owner !== this.#user) throw new TimFailure(10007);
    this.cloud.dismiss(groupID);
    return { code: 0, data: { groupID } };
  }

  createTextMessage(options: Options<'createTextMessage'>): Message {
    return this.#make(TYPES.MSG_TEXT, options);
  }

  createImageMessage(options: Options<'createImageMessage'>): Message {
    return this.#make(TYPES.MSG_IMAGE, options);
  }

  createCustomMessage(options: Options<'createCustomMessage'>): Message {
    return this.#make(TYPES.MSG_CUSTOM, options);
  }

  async sendMessage(message: Message, options: { onlineUserOnly?: boolean } = {}) {
    if (!this.#made.has(message)) throw new TimFailure(2105);
    await this.#ask('sendMessage');
    if (message.type === TYPES.MSG_IMAGE) this.#upload(message);
    if (new Blob([JSON.stringify(message)]).size > 12_288) throw new TimFailure(80002);
    const group = this.#group(message.to);
    if (!group.members.has(this.#user!)) throw new TimFailure(10007);
    if (!options.onlineUserOnly) this.cloud.kept.push(message);
    for (const member of group.members) {
      if (member === this.#user) continue;
      this.cloud.clients.get(member)?.emit(EVENT.MESSAGE_RECEIVED, [{ ...message }]);
    }
    return { code: 0, data: { message } };
  }

  // ---- the cloud's part ------------------------------------------------------------------------

  /** Like the SDK: the event comes first, then nobody is signed in. */
  kick(type: string): void {
    this.emit(EVENT.KICKED_OUT, { type });
    this.#signOut();
  }

  setNetwork(state: string): void {
    this.emit(EVENT.NET_STATE_CHANGE, { state });
  }

  handleNotice(groupID: string, operationType: number): void {
    const payload = { operationType, groupProfile: { groupID } };
    const system = { type: TYPES.MSG_GRP_SYS_NOTICE, conversationID: '@TIM#SYSTEM', payload };
    this.emit(EVENT.MESSAGE_RECEIVED, [system]);
  }

  emit(name: string, data: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener({ name, data });
  }

  #signOut(): void {
    if (this.#user === null) return;
    if (this.cloud.clients.get(this.#user) === this) this.cloud.clients.delete(this.#user);
    this.#user = null;
    this.#ready = false;
    this.emit(EVENT.SDK_NOT_READY, undefined);
  }

  async #ask(call: string): Promise<void> {
    this.#refuseEnded();
    if (!this.#ready) throw new TimFailure(2999);
    await this.cloud.answer(call);
    if (!this.#ready) await new Promise(() => {});
  }

  #group(groupID: string): Group {
    const group = this.cloud.groups.get(groupID);
    if (!group) throw new TimFailure(10010);
    return group;
  }

  #make(type: Message['type'], options: Options<'createTextMessage'>): Message {
    this.#refuseEnded();
    if (!this.#ready) throw new Error('a message was made before SDK_READY');
    const { to, conversationType, payload, cloudCustomData = '' } = options;
    const message = {
      ID: `${this.#user}-${++this.#serial}`,
      ...{ type, payload, to, conversationType, cloudCustomData },
      conversationID: `${conversationType}${to}`,
      from: this.#user!,
      time: 1_800_000_000,
    } as unknown as Message;
    this.#made.add(message);
    return message;
  }

  #upload(message: Message): void {
    if (!this.#plugin) throw new TimFailure(2040);
    const { name, size } = message.payload.file as File;
    if (!/\.(jpe?g|gif|png|bmp|webp)$/i.test(name)) throw new TimFailure(2252);
    if (size > 20 * 1024 * 1024) throw new TimFailure(2253);
    message.payload = { imageInfoArray: [{ url: `https://cos.invalid/${name}` }] };
  }

  #refuseEnded(): void {
    if (this.#ended) throw new Error('the instance was destroyed');
  }
}
