/** The demo's customers. Names and addresses are made up; `kwh` are the last twelve months. */
export const customers = [
  {
    id: 'C-1042',
    meter: 'METER-0042',
    name: { en: 'Clara Whitfield', 'zh-CN': '林月华' },
    town: { en: '14 Mill Lane, Ashford', 'zh-CN': '青溪镇磨坊巷 14 号' },
    phone: '+44 20 7946 0142',
    since: 2016,
    tariff: { en: 'Home Green 24', 'zh-CN': '居民绿色 24' },
    balance: 0,
    kwh: [312, 298, 285, 240, 214, 190, 186, 192, 221, 254, 290, 318],
    history: [
      { date: '2026-10-02', en: 'Meter replaced by a technician', 'zh-CN': '技术人员更换电表' },
      { date: '2026-03-18', en: 'Moved to Home Green 24', 'zh-CN': '改用居民绿色 24 套餐' },
    ],
  },
  {
    id: 'C-1077',
    meter: 'METER-0077',
    name: { en: 'Omar Haddad', 'zh-CN': '周建国' },
    town: { en: '3 Station Road, Ashford', 'zh-CN': '青溪镇车站路 3 号' },
    phone: '+44 20 7946 0177',
    since: 2021,
    tariff: { en: 'Home Basic', 'zh-CN': '居民基础' },
    balance: 86.4,
    kwh: [420, 401, 388, 342, 300, 276, 268, 280, 312, 366, 402, 431],
    history: [
      { date: '2026-11-05', en: 'Second reminder for October', 'zh-CN': '十月账单第二次提醒' },
      { date: '2026-09-21', en: 'Asked for payment in instalments', 'zh-CN': '申请分期付款' },
    ],
  },
  {
    id: 'C-1103',
    meter: 'METER-0103',
    name: { en: 'Bakery Lindqvist', 'zh-CN': '麦香面包坊' },
    town: { en: '27 Market Square, Elmstead', 'zh-CN': '榆林镇集市广场 27 号' },
    phone: '+44 20 7946 0103',
    since: 2009,
    tariff: { en: 'Business Night', 'zh-CN': '商业夜间' },
    balance: 0,
    kwh: [2210, 2190, 2240, 2180, 2120, 2060, 2050, 2090, 2130, 2200, 2260, 2310],
    history: [
      { date: '2026-08-30', en: 'Three-phase connection extended', 'zh-CN': '三相线路扩容' },
    ],
  },
  {
    id: 'C-1128',
    meter: 'METER-0128',
    name: { en: 'Priya Nair', 'zh-CN': '陈思远' },
    town: { en: '8 Orchard Close, Elmstead', 'zh-CN': '榆林镇果园里 8 号' },
    phone: '+44 20 7946 0128',
    since: 2024,
    tariff: { en: 'Home Solar', 'zh-CN': '居民光伏' },
    balance: -31.2,
    kwh: [198, 160, 120, 74, 40, 22, 18, 30, 66, 118, 171, 204],
    history: [{ date: '2026-05-11', en: 'Solar panels registered', 'zh-CN': '光伏设备登记' }],
  },
];

/** The customer that a call's params speak of: by `customer`, else by `device`. */
export function findCustomer(params) {
  return customers.find(
    (customer) => customer.id === params.customer || customer.meter === params.device,
  );
}
