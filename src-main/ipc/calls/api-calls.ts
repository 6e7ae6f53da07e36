import type { Application } from '../../app/app.ts'
import { snippets } from '../../api/reference/snippets.ts'
import { apiStatusOf } from './api-status.ts'
import type { HandlersOf } from '../ipc.ts'

export function apiCalls(application: Application): HandlersOf<'api'> {
  const { api } = application
  return {
    'api.status': () => apiStatusOf(application),
    'api.retry': async () => {
      await api.restart()
      return apiStatusOf(application)
    },
    'api.accessLog': ({ limit }) => api.accessLog(limit),
    'api.unknownParameters': () => api.unknownParameters(),
    'api.refusedCallers': () => api.refusedCallers(),
    'api.allowRefused': (caller) => {
      api.allowRefused(caller)
      return null
    },
    'api.snippets': ({ route, parameters }) => snippets(api.address, route, parameters),
  }
}
