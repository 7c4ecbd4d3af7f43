// This project as a program that browses one type, and nothing else, under the orders of the bench.
import { createDnssd } from '../../../dist/dnssd.js'
import { obey } from '../../peers/orders.mjs'

const dnssd = createDnssd()

obey({
  browse({ type }) {
    dnssd.browse(`_${type}._tcp`)
  },

  stop: () => dnssd.close(),
})
