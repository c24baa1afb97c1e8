import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openObjectStorage } from '../../../src/server/object-storage/object-storage.ts';
import { readSettings } from '../../../src/server/settings/read-settings.ts';
import { recordingsPath } from '../../../src/server/settings/recordings-path.ts';
import { SettingsError } from '../../../src/server/settings/settings.ts';

const SECRET = 's'.repeat(32);

/** Each is refused with one line that begins with the name of the setting. */
const wrong: [name: string, environment: Record<string, string>][] = [
  ['PORT', { PORT: 'eighty' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '80 80' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://u:hunter2@h/d', RTC_DESK_SECRET: SECRET }],
  ['RTC_DESK_SECRET', { DATABASE_URL: 'postgres://u@h/d' }],
  ['RTC_DESK_SECRET', { RTC_DESK_SECRET: 'too short' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'desk.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://desk.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://desk.example.com/path' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'everyone' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
  ['MAX_SOCKETS', { MAX_SOCKETS: '0' }],
  ['MAX_SOCKETS', { MAX_SOCKETS: 'many' }],
  ['MAX_SOCKETS_PER_ADDRESS', { MAX_SOCKETS_PER_ADDRESS: '-5' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 'short' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 'with spaces and so on' }],
  ['TURN_SECRET', { TURN_URLS: 'turn:a.example' }],
  ['TURN_URLS', { TURN_SECRET: 'x' }],
  ['TURN_URLS', { TURN_SECRET: 'x', TURN_URLS: 'https://a.example' }],
  ['TRTC_SECRET_KEY', { TRTC_SDK_APP_ID: '1400000000' }],
  ['TRTC_SDK_APP_ID', { TRTC_SECRET_KEY: 'x' }],
  ['TRTC_SDK_APP_ID', { TRTC_CALLBACK_KEY: 'x' }],
  ['TRTC_SDK_APP_ID', { TRTC_SDK_APP_ID: 'my-app', TRTC_SECRET_KEY: 'x' }],
  ['TRTC_SDK_APP_ID', { TENCENTCLOUD_SECRET_ID: 'x', TENCENTCLOUD_SECRET_KEY: 'x' }],
  [
    'TRTC_CALLBACK_KEY',
    { TRTC_SDK_APP_ID: '1400000000', TRTC_SECRET_KEY: 'x', TRTC_CALLBACK_KEY: 'fifteenletters1' },
  ],
  ['TRTC_SDK_APP_ID', { TIM_API_HOST: 'console.tim.qq.com' }],
  [
    'TIM_API_HOST',
    {
      TRTC_SDK_APP_ID: '1400000000',
      TRTC_SECRET_KEY: 'x',
      TIM_API_HOST: 'https://console.tim.qq.com/v4',
    },
  ],
  ['TENCENTCLOUD_SECRET_ID', { TENCENTCLOUD_SECRET_KEY: 'hunter2' }],
  ['TENCENTCLOUD_SECRET_ID', { TENCENTCLOUD_REGION: 'ap-guangzhou' }],
  ['TENCENTCLOUD_SECRET_KEY', { TENCENTCLOUD_SECRET_ID: 'x' }],
  [
    'TENCENTCLOUD_REGION',
    { TENCENTCLOUD_SECRET_ID: 'x', TENCENTCLOUD_SECRET_KEY: 'x', TENCENTCLOUD_REGION: 'China!' },
  ],
  ['RECORDINGS', { RECORDINGS: 's3://' }],
  ['RECORDINGS', { RECORDINGS: 's3://Bucket/prefix' }],
  ['RECORDINGS', { RECORDINGS: 's3://bucket/pre fix' }],
  ['AWS_ACCESS_KEY_ID', { RECORDINGS: 's3://bucket' }],
  ['AWS_SECRET_ACCESS_KEY', { RECORDINGS: 's3://bucket/prefix', AWS_ACCESS_KEY_ID: 'x' }],
  ['RECORDINGS_FOLDER', { RECORDINGS_FOLDER: 's3://bucket' }],
  ['RECORDINGS_FOLDER', { RECORDINGS: '/mnt/one', RECORDINGS_FOLDER: '/mnt/two' }],
  ['S3_ENDPOINT', { S3_ENDPOINT: 'minio:9000' }],
  ['S3_ENDPOINT', { S3_ENDPOINT: 'https://minio.example.com/path' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
];

describe('the settings', () => {
  it('have defaults', () => {
    const settings = readSettings({});
    assert.deepEqual(
      [settings.port, settings.host, settings.dataDir, settings.databaseUrl, settings.trustProxy],
      [8080, '127.0.0.1', './data', null, false],
    );
    assert.deepEqual(
      [settings.maxSockets, settings.maxSocketsPerAddress, settings.metricsToken],
      [16_000, 1_000, null],
    );
    assert.equal(settings.logLevel, 'info');
    assert.equal(readSettings({}, { demo: true }).logLevel, 'warn');
    assert.equal(readSettings({}, { demo: true }).dataDir, './data-demo');
    assert.equal(readSettings({ DATA_DIR: '/srv/x' }, { demo: true }).dataDir, '/srv/x');
  });

  it('come from the flags first, then from the environment', () => {
    const environment = {
      PORT: '9000',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgresql://u@h/d',
      RTC_DESK_SECRET: SECRET,
      PUBLIC_URL: 'https://desk.example.com/',
      TRUST_PROXY: '10.0.0.0/8, loopback',
      TURN_URLS: 'turn:a.example:3478?transport=udp, stun:b.example',
      TURN_SECRET: 'x',
      TRTC_SDK_APP_ID: '1400000000',
      TRTC_SECRET_KEY: 'k',
    };
    const settings = readSettings(environment, { port: '0', dataDir: '/d' });
    assert.deepEqual([settings.port, settings.host, settings.dataDir], [0, '0.0.0.0', '/d']);
    assert.equal(settings.publicUrl, 'https://desk.example.com');
    assert.deepEqual(settings.trustProxy, ['10.0.0.0/8', 'loopback']);
    assert.deepEqual(settings.turn?.urls, ['turn:a.example:3478?transport=udp', 'stun:b.example']);
    assert.deepEqual(settings.trtc, {
      sdkAppId: 1_400_000_000,
      secretKey: 'k',
      callbackKey: null,
      cloud: null,
      imHost: 'console.tim.qq.com',
    });
    const abroad = { ...environment, TIM_API_HOST: 'adminapisgp.im.qcloud.com' };
    assert.equal(readSettings(abroad).trtc?.imHost, 'adminapisgp.im.qcloud.com');
    const cloud = { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' };
    assert.deepEqual(readSettings({ ...environment, ...cloud }).trtc?.cloud, {
      secretId: 'id',
      secretKey: 'key',
      region: 'ap-guangzhou',
      recordings: null,
    });
    const bucket = {
      TRTC_RECORDINGS: 'cos://records-1250000000/desk',
      TRTC_RECORDINGS_REGION: 'ap-shanghai',
      TRTC_RECORDINGS_ACCESS_KEY: 'a',
      TRTC_RECORDINGS_SECRET_KEY: 's',
    };
    assert.deepEqual(
      readSettings({ ...environment, ...cloud, ...bucket }).trtc?.cloud?.recordings,
      {
        storage: 'cos://records-1250000000/desk',
        region: 'ap-shanghai',
        accessKey: 'a',
        secretKey: 's',
      },
    );
    for (const name of Object.keys(bucket).slice(1)) {
      assert.throws(() => readSettings({ ...environment, ...cloud, ...bucket, [name]: '' }), {
        message: /TRTC_RECORDINGS_REGION/,
      });
    }
    assert.equal(readSettings({ TRUST_PROXY: '2' }).trustProxy, 2);
  });

  it('name the folder of recordings', () => {
    assert.equal(recordingsPath(readSettings({ DATA_DIR: '/srv/x' })), '/srv/x/recordings');
    assert.equal(recordingsPath(readSettings({ RECORDINGS: '/mnt/shared' })), '/mnt/shared');
  });

  it('name a bucket for recordings, and the folder where they are before', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
    const bucket = { ...keys, RECORDINGS: 's3://bucket/a/prefix/', DATA_DIR: '/srv/x' };
    const settings = readSettings(bucket);
    assert.equal(recordingsPath(settings), '/srv/x/recordings');
    assert.equal(openObjectStorage(settings)?.destination, 's3://bucket/a/prefix');
    const shared = readSettings({ ...bucket, RECORDINGS_FOLDER: '/mnt/shared' });
    assert.equal(recordingsPath(shared), '/mnt/shared');
    const back = openObjectStorage(readSettings({ ...keys, RECORDINGS: '/mnt/shared' }));
    assert.ok(back, 'what was moved can still be read');
    assert.equal(back.destination, null);
    assert.equal(openObjectStorage(readSettings({ AWS_REGION: 'eu-central-1' })), null);
  });

  it('that are empty count as unset', () => {
    assert.equal(readSettings({ DATABASE_URL: '', TURN_URLS: ' ', PORT: '' }).port, 8080);
  });

  for (const [name, environment] of wrong) {
    it(`refuse ${JSON.stringify(environment)} and name ${name}`, () => {
      assert.throws(
        () => readSettings(environment),
        (error) => {
          assert.ok(error instanceof SettingsError);
          assert.match(error.message, new RegExp(`^${name} `));
          assert.ok(!error.message.includes('\n') && !error.message.includes('hunter2'));
          return true;
        },
      );
    });
  }
});
