import type { Character, Play } from '../../../run/segment-plan.ts'

const nobody = { territory: '', account: '' }

/** What customers of a character are usually given, where the pipeline says nothing itself: habits of the trade to begin with, not findings. */
export const defaultPlays: Readonly<Record<Character, Play>> = {
  champions: {
    message: 'You are among our best customers, and we notice.',
    messaging: 'Personal and grateful; ask for their opinion; no discounts that cheapen what they buy anyway.',
    offer: 'Early access, services that others do not get, a reward for recommending.',
    channels: ['email', 'phone', 'post'],
    content: [],
    journey: [
      { stage: 'recognition', touchpoints: ['email'], trigger: 'comes into the segment' },
      { stage: 'recommendation', touchpoints: ['email', 'account page'], trigger: 'an order with a good rating' },
    ],
    salesPriority: 'high',
    territory: '',
    account: 'A person they know; a talk twice a year.',
  },
  loyal: {
    message: 'What you buy with us is always there, and gets easier.',
    messaging: 'Familiar and short; refer to what they buy.',
    offer: 'What goes with their usual order; a subscription or a larger size.',
    channels: ['email', 'app'],
    content: [],
    journey: [
      { stage: 'replenishment', touchpoints: ['email', 'app'], trigger: 'the usual time between orders is over' },
      { stage: 'larger basket', touchpoints: ['shop'], trigger: 'a basket with the usual items' },
    ],
    salesPriority: 'medium',
    ...nobody,
  },
  big_spenders: {
    message: 'Quality that lasts, chosen for you.',
    messaging: 'Advice rather than price; show what is new in what they bought.',
    offer: 'The better version, longer guarantees, advice before buying.',
    channels: ['email', 'phone'],
    content: [],
    journey: [
      {
        stage: 'next order',
        touchpoints: ['email', 'phone'],
        trigger: 'half of the usual time between orders is over',
      },
    ],
    salesPriority: 'high',
    territory: '',
    account: 'A call after each large order.',
  },
  new: {
    message: 'Good that you are here: this is how to get the most of it.',
    messaging: 'Helpful; one thing at a time; no pressure.',
    offer: 'A reason for the second order within the first weeks.',
    channels: ['email', 'app'],
    content: [],
    journey: [
      { stage: 'welcome', touchpoints: ['email'], trigger: 'the first order' },
      { stage: 'second order', touchpoints: ['email', 'app'], trigger: 'two weeks after the first order' },
    ],
    salesPriority: 'medium',
    ...nobody,
  },
  at_risk: {
    message: 'We miss you: here is what has changed since.',
    messaging: 'Ask before you offer; find out what went wrong.',
    offer: 'A reason to come back that ends soon; a talk for the most valuable ones.',
    channels: ['email', 'phone', 'post'],
    content: [],
    journey: [
      { stage: 'question', touchpoints: ['email'], trigger: 'comes into the segment' },
      { stage: 'offer', touchpoints: ['email', 'post'], trigger: 'two weeks without an answer' },
      { stage: 'call', touchpoints: ['phone'], trigger: 'the most valuable tenth, four weeks without an order' },
    ],
    salesPriority: 'high',
    territory: '',
    account: 'Somebody calls before they are lost.',
  },
  dormant: {
    message: 'It has been a while. Shall we stay in touch?',
    messaging: 'Short and honest; make it easy to leave.',
    offer: 'One strong offer a year; nothing that costs more than they are likely to bring.',
    channels: ['email'],
    content: [],
    journey: [{ stage: 'last question', touchpoints: ['email'], trigger: 'a year without an order' }],
    salesPriority: 'low',
    ...nobody,
  },
  occasional: {
    message: 'Something for the occasion, when you need it.',
    messaging: 'Light and seasonal; do not write often.',
    offer: 'Bundles and thresholds that make one order larger.',
    channels: ['email'],
    content: [],
    journey: [{ stage: 'season', touchpoints: ['email', 'shop'], trigger: 'the season of the last order comes again' }],
    salesPriority: 'low',
    ...nobody,
  },
  core: {
    message: 'What is new, and what others like you choose.',
    messaging: 'Clear and regular.',
    offer: 'What customers like them bought next.',
    channels: ['email'],
    content: [],
    journey: [{ stage: 'next order', touchpoints: ['email'], trigger: 'the usual time between orders is over' }],
    salesPriority: 'medium',
    ...nobody,
  },
}
