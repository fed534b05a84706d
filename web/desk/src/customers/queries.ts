import {
  readDossier,
  searchCustomers,
  type Customer,
  type Dossier,
  type ScreenPop,
} from '@kernlijn/contract/customers';
import { call } from '@kernlijn/ui/call.ts';
import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';

export const dossierKey = (customerId: string) => ['dossier', customerId] as const;

export const dossierQuery = (customerId: string) =>
  queryOptions({
    queryKey: dossierKey(customerId),
    queryFn: ({ signal }) => call(readDossier, { params: { customerId } }, signal),
  });

/** A screen pop of a known customer is his dossier: what it brought need not be read again. */
export function keepDossierOf(client: QueryClient, screenPop: ScreenPop): void {
  if (screenPop.kind === 'known')
    client.setQueryData<Dossier>(dossierKey(screenPop.dossier.customer.id), screenPop.dossier);
}

export function keepCustomer(client: QueryClient, customer: Customer): void {
  client.setQueryData<Dossier>(dossierKey(customer.id), (dossier) => dossier && { ...dossier, customer });
}

export const customerSearchQuery = (text: string, clientId?: string) =>
  queryOptions({
    queryKey: ['customer-search', clientId ?? 'all', text],
    queryFn: ({ signal }) => call(searchCustomers, { query: clientId ? { q: text, clientId } : { q: text } }, signal),
    enabled: text.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
