"""Python `gql`: python gql_client.py ws://HOST/graphql"""

import asyncio
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

QUERY = gql('{ project(key: "connection") { acronym } }')
INVALID = gql("{ nothing }")
FOLLOW = gql(
    'subscription { projectChanged(key: "connection") { previousRevision project { acronym } } }'
)


def say(*words):
    print(*words, flush=True)


async def main(url):
    transport = WebsocketsTransport(
        url=url,
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        ping_interval=0.5,
        pong_timeout=20,
    )
    async with Client(transport=transport) as session:
        say("query", (await session.execute(QUERY))["project"]["acronym"])
        try:
            await session.execute(INVALID)
        except TransportQueryError as error:
            say("invalid", error.errors[0]["extensions"]["code"])
        async for data in session.subscribe(FOLLOW):
            change = data["projectChanged"]
            is_first = change["previousRevision"] is None
            say("first" if is_first else "second", change["project"]["acronym"])
            if not is_first:
                break
    say("done")


asyncio.run(main(sys.argv[1]))
