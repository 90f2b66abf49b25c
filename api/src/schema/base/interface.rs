//! Interfaces and links between the API's types.
//!
//! The objects of an interface share its fields by merging one common part (see
//! [`async_graphql::MergedObject`]), so an interface takes its fields from that part and hands the
//! resolving to the object at hand. The derive of async-graphql would ask every object for a method
//! per field instead.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};

/// A reference to a type that is registered elsewhere.
///
/// The parts that several types merge must name other objects through it: registering such an
/// object while the part itself is still being registered would copy the part half-done.
#[derive(Clone, Debug)]
pub struct Link<T>(pub T);

impl<T: OutputType> OutputType for Link<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(_: &mut Registry) -> String {
        T::qualified_type_name()
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

/// Declares an interface over objects that merge the parts that hold its fields.
macro_rules! interface {
    ($(#[doc = $doc:literal])+ $name:ident of [$($part:ty),+] { $($object:ident),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub enum $name {
            $($object($object)),+
        }

        $(impl From<$object> for $name {
            fn from(object: $object) -> Self {
                Self::$object(object)
            }
        })+

        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn introspection_type_name(&self) -> std::borrow::Cow<'static, str> {
                match self {
                    $(Self::$object(object) => object.introspection_type_name()),+
                }
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                use async_graphql::registry::{MetaType, MetaTypeId};
                registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
                    let mut fields = async_graphql::indexmap::IndexMap::new();
                    $(if let MetaType::Object { fields: of_part, .. } =
                        registry.create_fake_output_type::<$part>()
                    {
                        fields.extend(of_part);
                    })+
                    let mut possible_types = async_graphql::indexmap::IndexSet::new();
                    $(
                        <$object as async_graphql::OutputType>::create_type_info(registry);
                        registry.add_implements(stringify!($object), stringify!($name));
                        possible_types.insert(stringify!($object).to_owned());
                    )+
                    MetaType::Interface {
                        name: stringify!($name).to_owned(),
                        description: Some([$($doc.trim()),+].join("\n")),
                        fields,
                        possible_types,
                        extends: false,
                        inaccessible: false,
                        tags: vec![],
                        keys: None,
                        visible: None,
                        rust_typename: Some(std::any::type_name::<Self>()),
                        directive_invocations: vec![],
                        requires_scopes: vec![],
                    }
                })
            }

            async fn resolve(
                &self,
                ctx: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                async_graphql::resolver_utils::resolve_container(ctx, self).await
            }
        }

        impl async_graphql::ContainerType for $name {
            async fn resolve_field(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> async_graphql::ServerResult<Option<async_graphql::Value>> {
                match self {
                    $(Self::$object(object) => object.resolve_field(ctx).await),+
                }
            }

            fn collect_all_fields<'a>(
                &'a self,
                ctx: &async_graphql::ContextSelectionSet<'a>,
                fields: &mut async_graphql::resolver_utils::Fields<'a>,
            ) -> async_graphql::ServerResult<()> {
                match self {
                    $(Self::$object(object) => object.collect_all_fields(ctx, fields)),+
                }
            }
        }

        impl async_graphql::InterfaceType for $name {}
    };
}

pub(crate) use interface;
