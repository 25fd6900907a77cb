//! Which endpoint a product is reached at: the configured one, the region's public one, or where the location service
//! says that it is.
//!
//! The location service is asked first when somebody has said where it is, and else only when the public host does not
//! exist.

use super::{
    ApiError, Client,
    call::{Call, Product},
    endpoint::Endpoint,
};

impl Client {
    /// Returns where the product is.
    pub(super) async fn endpoint(&self, product: Product) -> Result<Endpoint, ApiError> {
        let endpoints = &self.settings().endpoints;
        let asked = endpoints.configures_location() && !endpoints.configures(product);
        if asked && let Some(told) = self.located(product).await {
            return Ok(told);
        }
        endpoints.resolve(product, self.region())
    }

    /// Returns another place for a product whose public host does not exist, if there is one.
    pub(super) async fn elsewhere(&self, product: Product, public: Endpoint) -> Endpoint {
        if self.settings().endpoints.configures(product) {
            return public;
        }
        self.located(product).await.unwrap_or(public)
    }

    /// Asks the location service, once for each product.
    async fn located(&self, product: Product) -> Option<Endpoint> {
        if matches!(
            product,
            Product::Location | Product::Sts | Product::ResourceManager
        ) {
            return None;
        }
        let cell = self.location(product);
        cell.get_or_init(|| self.ask_location(product))
            .await
            .clone()
    }

    async fn ask_location(&self, product: Product) -> Option<Endpoint> {
        let call = Call::read(Product::Location, "DescribeEndpoints")
            .param("Id", self.region())
            .param("ServiceCode", product.name())
            .param("Type", "openAPI");
        // A future in a box: the call of a call.
        let answer = Box::pin(self.call(&call)).await;
        let told = match answer {
            Ok(json) => json.pointer("/Endpoints/Endpoint/0/Endpoint").cloned(),
            Err(error) => {
                tracing::debug!(
                    product = product.name(),
                    error = error.told(),
                    "no location"
                );
                None
            }
        };
        let host = told?.as_str()?.to_owned();
        tracing::debug!(product = product.name(), host, "located");
        self.settings().endpoints.told(&host).ok()
    }
}
